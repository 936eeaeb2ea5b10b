/** Handles so many items at once, in this turn. */
export type Work = (items: number) => void;

/** One thing to measure: its work, and the work that it is compared with. */
export interface MicroBench {
  readonly name: string;
  /** Created again for each measurement. */
  readonly work: () => Work;
  /** The nearest simple way, such as an RxJS operator. */
  readonly against?: { readonly name: string; readonly work: () => Work };
  /** Most items that one call of the work may handle. Default: as many as the time allows. */
  readonly limit?: number;
}
