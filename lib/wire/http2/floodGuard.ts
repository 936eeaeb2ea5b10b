/** The most frames in a row that carry nothing: SETTINGS, PING, empty DATA and the like. */
const MAX_FRAMES = 10_000;

/**
 * Bounds what a peer can make a connection do without sending anything of use: frames in a row that carry nothing, and
 * acknowledgements to a peer that does not read.
 */
export class FloodGuard {
  #inRow = 0;

  constructor(readonly most = MAX_FRAMES) {}

  /** A frame that carries nothing has arrived. Returns true when there were too many. */
  idle(): boolean {
    return ++this.#inRow > this.most;
  }

  /** Something of use has arrived, or was sent. */
  progress(): void {
    this.#inRow = 0;
  }
}
