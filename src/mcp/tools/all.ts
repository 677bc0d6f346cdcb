import { reviewStart } from './review-start.ts';
import { reviewWait } from './review-wait.ts';
import type { Tool } from './tool.ts';

/** Every tool, in the order in which clients list them. */
export const tools: readonly Tool[] = [reviewStart, reviewWait];
