/** What became of an operation. */
export type Outcome = 'shot' | 'discarded' | 'unfinished';
