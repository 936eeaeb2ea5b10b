import type { Writable } from 'node:stream';
import { describeError } from '../core/blame.js';
import type { DataSink } from '../core/data.js';
import { ElpisError, isElpisError } from '../core/errors.js';
import { packError } from '../core/packedError.js';
import type { FromShare, SinkFailure } from './protocol.js';

type Done = (failure?: SinkFailure) => void;

/** A real sink. */
interface OpenSink {
  readonly stream: Writable;
  /** Shares that have not ended it. */
  users: number;
  failure: SinkFailure | undefined;
  readonly failing: Set<Done>;
}

/** What a share has opened. */
interface SinkUser {
  readonly sink: OpenSink;
  /** A write of it was received and is not acknowledged. */
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
 * The real sinks behind those of the shares: shares that name the same sink have one, opened for the first and closed after
 * the last. Whole lines arrive in one piece, so lines of different shares never mix. Each share has
 * one write per sink under way, so that at most one chunk per share waits for a slow sink.
 */
export class SinkHub {
  readonly #sinks = new Map<string, OpenSink>();
  readonly #users = new Map<string, SinkUser>();

  /**
   * @param shares How many shares open each sink: it is closed when that many have ended it.
   * @param create Makes the real sink of a component and its options.
   */
  constructor(
    private readonly shares: number,
    private readonly create: (name: string, config: unknown) => DataSink,
  ) {}

  /**
   * Does what a share asks of a sink, and acknowledges it. False when the message is about something else.
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

  /** Closes what shares have not ended. */
  async close(): Promise<void> {
    const open = [...this.#sinks.values()].filter(({ stream }) => !stream.writableEnded && !stream.destroyed);
    await Promise.all(
      open.map(
        ({ stream }) => new Promise<void>((resolve) => stream.end(() => resolve()).on('error', () => resolve())),
      ),
    );
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
    const stream = this.create(name, config).open();
    const sink: OpenSink = { stream, users: this.shares, failure: undefined, failing: new Set() };
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
      throw new ElpisError('ELPIS_SHARE', 'a write to a sink was sent before the one before it was acknowledged');
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
