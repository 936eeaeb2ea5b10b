import type { Writable } from 'node:stream';
import type { DataSink } from '../core/data.js';
import type { ThreadReport } from './threadMessages.js';

interface Shared {
  readonly stream: Writable;
  users: number;
  error: Error | undefined;
  readonly failing: Set<(error: Error) => void>;
}

/**
 * The real sinks behind the threads' stand-ins: threads that name the same sink share one, opened by the first and closed
 * by the last. Whole lines arrive in one piece, so lines of different threads never mix.
 */
export class SinkHub {
  readonly #shared = new Map<string, Shared>();
  readonly #byUser = new Map<string, Shared>();

  /**
   * @param threads How many threads will open each sink: it is closed when that many have ended.
   * @param create Makes the real sink of a component and its options.
   */
  constructor(
    private readonly threads: number,
    private readonly create: (name: string, config: unknown) => DataSink,
  ) {}

  open(user: string, name: string, config: unknown, done: (error?: Error) => void): void {
    const key = `${name} ${JSON.stringify(config)}`;
    let shared = this.#shared.get(key);
    if (shared === undefined) {
      const opened: Shared = {
        stream: this.create(name, config).open(),
        users: this.threads,
        error: undefined,
        failing: new Set(),
      };
      opened.stream.on('error', (error) => {
        opened.error = error;
        for (const fail of opened.failing) fail(error);
        opened.failing.clear();
      });
      this.#shared.set(key, opened);
      shared = opened;
    }
    this.#byUser.set(user, shared);
    done(shared.error);
  }

  write(user: string, chunk: Uint8Array, done: (error?: Error) => void): void {
    const shared = this.#byUser.get(user);
    if (shared === undefined || shared.error !== undefined) {
      done(shared?.error ?? new Error('the sink is not open'));
      return;
    }
    shared.failing.add(done);
    shared.stream.write(chunk, (error) => {
      if (!shared.failing.delete(done)) return;
      done(error ?? undefined);
    });
  }

  end(user: string, done: (error?: Error) => void): void {
    const shared = this.#byUser.get(user);
    this.#byUser.delete(user);
    if (shared === undefined) {
      done();
      return;
    }
    shared.users--;
    if (shared.users > 0 || shared.error !== undefined) {
      done(shared.error);
      return;
    }
    shared.failing.add(done);
    shared.stream.end(() => {
      if (shared.failing.delete(done)) done();
    });
  }

  /** Closes what threads that died have left open. */
  async close(): Promise<void> {
    const open = [...this.#shared.values()].filter(({ stream }) => !stream.writableEnded && !stream.destroyed);
    await Promise.all(
      open.map(
        ({ stream }) => new Promise<void>((resolve) => stream.end(() => resolve()).on('error', () => resolve())),
      ),
    );
  }
}

/**
 * Does what a thread asks of a sink and acknowledges it. False when the report is about something else.
 *
 * @param thread Tells the sinks of different threads apart.
 */
export function serveSink(
  hub: SinkHub,
  thread: number,
  report: ThreadReport,
  acknowledge: (id: number, error: string | undefined) => void,
): boolean {
  const done = (id: number) => (error?: Error) => acknowledge(id, error?.message);
  switch (report.type) {
    case 'sink-open':
      hub.open(`${thread} ${report.id}`, report.name, report.config, done(report.id));
      return true;
    case 'sink-write':
      hub.write(`${thread} ${report.id}`, report.chunk, done(report.id));
      return true;
    case 'sink-end':
      hub.end(`${thread} ${report.id}`, done(report.id));
      return true;
    default:
      return false;
  }
}
