/** Something that the system allows less of than a run can use. */
export interface Finding {
  /** `error`: the run can not do what it is configured to do. `warning`: it may run into it. */
  readonly level: 'error' | 'warning';
  /** The arithmetic, in one sentence. */
  readonly message: string;
  readonly hint: string;
}
