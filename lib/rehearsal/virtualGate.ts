import type { Writable } from 'node:stream';

/** Who is waited for: takes more in hand when it is told to, and wakes its consumer. */
export interface Gated {
  /** False while more must be waited for. */
  settle(): boolean;
  awake(): void;
  trust(): void;
  /** True while somebody waits for ammo that comes with virtual time. */
  readonly waitedFor: boolean;
}

/**
 * Where virtual time meets the real world: it says whether time may go on. It may not while ammo is being read or a result
 * is being written, so nothing in a rehearsal depends on how long those take.
 */
export class VirtualGate {
  readonly #cursors = new Set<Gated>();
  #streams: Writable[] = [];
  /** How many cursors have called for more. */
  called = 0;
  #trusting = false;

  add(cursor: Gated): void {
    this.#cursors.add(cursor);
  }

  remove(cursor: Gated): void {
    this.#cursors.delete(cursor);
  }

  /** Watches a sink that was opened, until it has closed. */
  watch(stream: Writable): void {
    this.#streams.push(stream);
  }

  /** Whether the next piece of work may run. */
  readonly open = (): boolean => this.called === 0 && this.written() && !this.careful();

  /** True while the real world should have its turn after each piece of work, since that may bring ammo. */
  careful(): boolean {
    if (!this.#trusting) return false;
    for (const cursor of this.#cursors) if (cursor.waitedFor) return true;
    return false;
  }

  /** True when everything that was handed to a sink has been written, and every sink that was ended has closed. */
  written(): boolean {
    for (const stream of this.#streams) {
      if (stream.closed) {
        this.#streams = this.#streams.filter(({ closed }) => !closed);
        return this.written();
      }
      if (stream.writableLength > 0 || stream.writableEnded) return false;
    }
    return true;
  }

  /** Has the cursors take more in hand; when all have, who waits is woken, in a fixed order. */
  settle(): boolean {
    let settled = true;
    for (const cursor of this.#cursors) settled = cursor.settle() && settled;
    if (settled) for (const cursor of [...this.#cursors]) cursor.awake();
    return settled;
  }

  /** Gives up waiting for the ammo that does not come: it is then left to virtual time. */
  trust(): void {
    this.#trusting = true;
    for (const cursor of this.#cursors) if (!cursor.settle()) cursor.trust();
  }
}
