/**
 * The record of one operation. Samples may be pooled: an aggregator MUST NOT keep a sample after its `next` returned,
 * and whoever handles a sample last calls `release` (the `reportTo` operator does).
 */
export interface Sample {
  release?(): void;
}
