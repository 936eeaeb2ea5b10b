import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { isLeft } from 'fp-ts/lib/Either.js';
import type { Observable } from 'rxjs';
import { builtins } from '../../../lib/builtins/builtins.js';
import type { Config } from '../../../lib/config/config.js';
import { decodeConfig } from '../../../lib/config/decodeConfig.js';
import type { DataSink } from '../../../lib/core/data.js';
import { type ElpisError, isElpisError } from '../../../lib/core/errors.js';
import type { PlayedEvent } from '../../../lib/engine/runEvent.js';
import type { Registry } from '../../../lib/plugin/registry.js';
import { coordinate } from '../../../lib/shares/coordinate.js';
import { memoryLinks } from '../../../lib/shares/link.js';
import { type PlayShareOptions, playShare } from '../../../lib/shares/playShare.js';
import type { CoordinatorLink, FromShare, ShareLink, ToShare } from '../../../lib/shares/protocol.js';
import type { SharedRun } from '../../../lib/shares/sharedRun.js';
import { FakeLog, fakeDeps } from '../../../lib/testing/fakeDeps.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { MemorySink } from '../aggregators/memorySink.js';
import { PlayedRun } from './playedRun.js';

/** Resolves after one turn of the event loop. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Decodes a config in code; values of the spec's own may stand in it. */
export function decoded(value: unknown, registry: Registry = builtins()): Config {
  const config = decodeConfig(value, registry);
  if (isLeft(config))
    return assert.fail(JSON.stringify(config.left.map(({ message, context }) => [message, context.at(-1)?.key])));
  return config.right;
}

/** How a spec plays a run in shares. */
export interface PlayOptions {
  readonly of: number;
  /** The config of share `index`. */
  readonly config: (index: number, clock: VirtualClock) => unknown;
  readonly pools?: readonly string[];
  readonly registry?: Registry;
  readonly run?: Partial<SharedRun>;
  readonly shareOptions?: (index: number) => Partial<PlayShareOptions>;
  /** How long a message takes. Default: it arrives in the call that sends it. */
  readonly messageMs?: number;
  /** Plays share `index` in another way than `playShare`. */
  readonly instead?: (index: number, link: CoordinatorLink, clock: VirtualClock) => boolean;
  /** A share closes its link instead of sending such a message. */
  readonly cutAt?: (index: number, message: FromShare) => boolean;
  /** The real sink of the coordinator. Default: in memory. */
  readonly sink?: (name: string, config: unknown) => DataSink;
}

/** A run in shares over links in memory, in virtual time. */
export class SharedPlay extends PlayedRun {
  readonly clock = new VirtualClock(1_000_000);
  readonly log = new FakeLog();
  readonly sinks: MemorySink[] = [];
  readonly sent: { readonly share: number; readonly message: FromShare }[] = [];
  readonly orders: { readonly share: number; readonly message: ToShare }[] = [];
  /** How often each end was closed. */
  readonly closes: { coordinator: number; share: number }[] = [];
  /** Shares whose `playShare` has completed. */
  readonly played: number[] = [];
  /** The shares' own ends, as from another process. */
  readonly shareEnds: CoordinatorLink[] = [];
  readonly #unsubscribe: () => void;

  constructor(private readonly options: PlayOptions) {
    super();
    const { of: count, run = {} } = options;
    const links = Array.from({ length: count }, (_, index) => this.#link(index));
    const events: Observable<PlayedEvent> = coordinate(links, {
      origin: { value: null },
      pools: options.pools ?? ['p'],
      deps: { scheduler: this.clock, log: this.log },
      seed: 7,
      createSink: (name, config) => {
        if (options.sink !== undefined) return options.sink(name, config);
        const sink = new MemorySink();
        this.sinks.push(sink);
        return sink;
      },
      addShare: () => this.#link(this.closes.length),
      ...run,
    });
    const subscription = events.subscribe(this.observer);
    this.#unsubscribe = () => subscription.unsubscribe();
  }

  /** Plays until it has ended, or for so many virtual milliseconds. */
  async play(ms = 600_000): Promise<this> {
    const until = this.clock.now() + ms;
    while (this.ended === undefined && this.clock.now() < until) {
      this.clock.advance(5);
      await turn();
    }
    return this;
  }

  async toTheEnd(): Promise<this> {
    await this.play();
    assert.notEqual(this.ended, undefined, 'it ends');
    return this;
  }

  unsubscribe(): void {
    this.#unsubscribe();
  }

  get error(): ElpisError {
    const { ended } = this;
    return isElpisError(ended) ? ended : assert.fail(`it ended ${ended}`);
  }

  #link(index: number): ShareLink {
    const { messageMs } = this.options;
    const [here, there] = memoryLinks<FromShare, ToShare>(
      messageMs === undefined ? {} : { scheduler: this.clock, delayMs: messageMs },
    );
    const closes = { coordinator: 0, share: 0 };
    this.closes.push(closes);
    const end: CoordinatorLink = {
      send: (message) => {
        if (this.options.cutAt?.(index, message) === true) {
          there.close();
          return;
        }
        this.sent.push({ share: index, message });
        there.send(message);
      },
      messages: there.messages,
      close: () => {
        closes.share++;
        there.close();
      },
    };
    this.shareEnds.push(end);
    if (this.options.instead?.(index, end, this.clock) !== true) this.#share(index, end);
    return {
      send: (message) => {
        this.orders.push({ share: index, message });
        here.send(message);
      },
      messages: here.messages,
      close: () => {
        closes.coordinator++;
        here.close();
      },
    };
  }

  #share(index: number, end: CoordinatorLink): void {
    const { config, registry = builtins(), shareOptions } = this.options;
    const { stdout, stderr } = fakeDeps();
    playShare(end, {
      deps: { scheduler: this.clock, stdin: Readable.from([]), stdout, stderr },
      registry,
      load: (_origin, components) => [decoded(config(index, this.clock), components)],
      ...shareOptions?.(index),
    }).subscribe({ complete: () => this.played.push(index) });
  }
}
