export { apply } from './apply.ts';
export { review } from './review.ts';
export { reviewBatch } from './review-batch.ts';
