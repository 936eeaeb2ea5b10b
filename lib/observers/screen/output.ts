import { write, writeSync } from 'node:fs';
import type { Writable } from 'node:stream';

/** Where frames are written. */
export interface Output {
  /** False while a text is on its way: a terminal that stalls gets fewer frames, and never delays the run. */
  readonly ready: boolean;
  write(text: string): void;
  /** Writes at once, for the last text before the process ends or stops. */
  writeNow(text: string): void;
}

type Descriptor = Writable & { readonly fd?: number; readonly isTTY?: boolean };

/**
 * The output to a stream. Node writes to a terminal synchronously, so a terminal that stalls (Ctrl-S, a slow connection) would stop
 * the process: a terminal is written to by its descriptor, in a thread of the pool, one frame at a time.
 */
export function outputTo(stream: Descriptor): Output {
  const { fd, isTTY } = stream;
  return isTTY === true && fd !== undefined ? new DescriptorOutput(fd) : new StreamOutput(stream);
}

class StreamOutput implements Output {
  /** Writing to the stream, also after its `write` was replaced. */
  readonly #write: (text: string) => boolean;

  constructor(private readonly stream: Writable) {
    const original = stream.write.bind(stream);
    this.#write = (text) => original(text);
  }

  get ready(): boolean {
    return !this.stream.writableNeedDrain;
  }

  write(text: string): void {
    this.#write(text);
  }

  writeNow(text: string): void {
    this.#write(text);
  }
}

class DescriptorOutput implements Output {
  ready = true;

  constructor(private readonly fd: number) {}

  write(text: string): void {
    this.#send(Buffer.from(text));
  }

  #send(bytes: Buffer): void {
    this.ready = false;
    write(this.fd, bytes, (error, written) => {
      // A terminal that was closed takes no more frames.
      if (error !== null && error.code !== 'EAGAIN') return;
      if (error !== null || written < bytes.length) this.#send(bytes.subarray(error === null ? written : 0));
      else this.ready = true;
    });
  }

  writeNow(text: string): void {
    try {
      writeSync(this.fd, text);
    } catch {
      // The terminal was closed.
    }
  }
}
