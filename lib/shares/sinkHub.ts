import type { Writable } from 'node:stream';
import type { SchedulerLike } from 'rxjs';
import type { DataSink } from '../core/data.js';
import { describeError } from '../core/errorContext.js';
import { ElpisError, isElpisError } from '../core/errors.js';
import { packError } from '../core/packedError.js';
import type { Millis } from '../core/units.js';
import type { FromShare, SinkFailure } from './protocol.js';

/** The longest time for sinks to close when all shares have ended. */
const CLOSE_MS: Millis = 5000;

type Done = (failure?: SinkFailure) => void;

/** A real sink. */
interface OpenSink {
  readonly name: string;
  readonly stream: Writable;
  /** Number of shares that have not ended it. */
  users: number;
  failure: SinkFailure | undefined;
  readonly failing: Set<Done>;
}

/** A sink that a share has opened. */
interface SinkUser {
  readonly sink: OpenSink;
  /** A write was received and is not acknowledged. */
  writing: boolean;
}

function packFailure(error: unknown): SinkFailure {
  const code = (error as { readonly code?: unknown } | undefined)?.code;
  return {
    message: describeError(error),
    code: typeof code === 'string' ? code : undefined,
    packed: isElpisError(error) ? packError(error) : undefined,
  };
}

/**
 * The real sinks of the shares. Shares that name the same sink use one, which is opened for the first share and
 * closed after the last. Shares send whole lines, so lines of different shares never mix. Each share has one write
 * per sink under way, so at most one chunk per share waits for a slow sink.
 */
export class SinkHub {
  readonly #sinks = new Map<string, OpenSink>();
  readonly #users = new Map<string, SinkUser>();

  /**
   * @param shares The number of shares that open each sink. It is closed when all of them have ended it.
   * @param create Makes the real sink of a component and its options.
   * @param scheduler The clock for the time limit of `close`.
   */
  constructor(
    private shares: number,
    private readonly create: (name: string, config: unknown) => DataSink,
    private readonly scheduler: SchedulerLike,
  ) {}

  /** There are so many shares now: a sink that is open is closed when the new ones have ended it, too. */
  grow(shares: number): void {
    const more = shares - this.shares;
    this.shares = shares;
    for (const sink of this.#sinks.values()) sink.users += more;
  }

  /**
   * Executes and acknowledges a request to a sink. Returns false for a message that is not such a request.
   *
   * @throws ElpisError `ELPIS_SHARE` when the share has not waited for an acknowledgement.
   */
  serve(
    share: number,
    message: FromShare,
    acknowledge: (id: number, failure: SinkFailure | undefined) => void,
  ): boolean {
    if (message.type !== 'sink-open' && message.type !== 'sink-write' && message.type !== 'sink-end') return false;
    const user = `${share} ${message.id}`;
    const done: Done = (failure) => acknowledge(message.id, failure);
    if (message.type === 'sink-open') this.#open(user, message, done);
    else if (message.type === 'sink-write') this.#write(user, message.chunk, done);
    else this.#end(user, done);
    return true;
  }

  /**
   * Closes the sinks that shares have not ended. A sink that takes longer than 5 s is destroyed.
   *
   * @returns An error for each destroyed sink, with the number of lost bytes.
   */
  async close(): Promise<readonly ElpisError[]> {
    const open = [...this.#sinks.values()].filter(({ stream }) => !stream.writableEnded && !stream.destroyed);
    const closed = await Promise.all(open.map((sink) => this.#closed(sink)));
    return closed.filter((failure) => failure !== undefined);
  }

  #closed({ name, stream }: OpenSink): Promise<ElpisError | undefined> {
    return new Promise((resolve) => {
      const timer = this.scheduler.schedule(() => {
        const left = stream.writableLength;
        stream.destroy();
        resolve(
          new ElpisError('ELPIS_SINK', `${name} was not written within ${CLOSE_MS / 1000} s: ${left} bytes are lost`),
        );
      }, CLOSE_MS);
      const done = (): void => {
        timer.unsubscribe();
        resolve(undefined);
      };
      stream.end(done).on('error', done);
    });
  }

  #open(user: string, { name, config }: Extract<FromShare, { type: 'sink-open' }>, done: Done): void {
    const key = `${name} ${JSON.stringify(config)}`;
    let sink = this.#sinks.get(key);
    try {
      sink ??= this.#opened(key, name, config);
    } catch (error) {
      done(packFailure(error));
      return;
    }
    this.#users.set(user, { sink, writing: false });
    done(sink.failure);
  }

  #opened(key: string, name: string, config: unknown): OpenSink {
    const made = this.create(name, config);
    const stream = made.open();
    const sink: OpenSink = { name: made.name, stream, users: this.shares, failure: undefined, failing: new Set() };
    stream.on('error', (error) => {
      sink.failure = packFailure(error);
      for (const fail of sink.failing) fail(sink.failure);
      sink.failing.clear();
    });
    this.#sinks.set(key, sink);
    return sink;
  }

  #write(key: string, chunk: Uint8Array, done: Done): void {
    const user = this.#users.get(key);
    if (user === undefined || user.sink.failure !== undefined) {
      done(user?.sink.failure ?? packFailure(new Error('the sink is not open')));
      return;
    }
    const { sink } = user;
    if (user.writing) {
      throw new ElpisError('ELPIS_SHARE', 'a write to a sink was sent before the acknowledgement of the previous one');
    }
    user.writing = true;
    const written: Done = (failure) => {
      user.writing = false;
      done(failure);
    };
    sink.failing.add(written);
    sink.stream.write(chunk, (error) => {
      if (sink.failing.delete(written)) written(error ? packFailure(error) : undefined);
    });
  }

  #end(key: string, done: Done): void {
    const sink = this.#users.get(key)?.sink;
    this.#users.delete(key);
    if (sink === undefined) {
      done();
      return;
    }
    sink.users--;
    if (sink.users > 0 || sink.failure !== undefined) {
      done(sink.failure);
      return;
    }
    sink.failing.add(done);
    sink.stream.end(() => {
      if (sink.failing.delete(done)) done();
    });
  }
}
