/** What becomes of the scenario when a step fails: it ends, or it goes on and only the samples tell. */
export type WhenFailed = 'end' | 'goOn';
