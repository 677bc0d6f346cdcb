import { evaluateDocument } from './evaluate-document.ts';
import { reviewCancel } from './review-cancel.ts';
import { reviewDecide } from './review-decide.ts';
import { reviewList } from './review-list.ts';
import { reviewResult } from './review-result.ts';
import { reviewRetry } from './review-retry.ts';
import { reviewStart } from './review-start.ts';
import { reviewStatus } from './review-status.ts';
import { reviewWait } from './review-wait.ts';
import type { Tool } from './tool.ts';

/** Every tool, in the order in which clients list them. */
export const tools: readonly Tool[] = [evaluateDocument, reviewStart, reviewWait, reviewStatus, reviewResult, reviewDecide, reviewRetry, reviewCancel, reviewList];
