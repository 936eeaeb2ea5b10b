import { afterCallback } from '../../../../lib/time/realTime.js';
import { VirtualClock } from '../../../../lib/time/virtualClock.js';
import { ConnectLimiter } from '../../../../lib/wire/dial/connectLimiter.js';
import type { HttpSocket, HttpSocketEvents } from '../../../../lib/wire/dial/connector.js';
import { DEFAULT_WINDOWS } from '../../../../lib/wire/http2/dataHandler.js';
import type { EncodedHead } from '../../../../lib/wire/http2/encodedHead.js';
import { Flusher } from '../../../../lib/wire/http2/flusher.js';
import { HeadCache } from '../../../../lib/wire/http2/headCache.js';
import { encodeHead } from '../../../../lib/wire/http2/hpack/encodeHead.js';
import { Http2Client, type Http2ClientOptions } from '../../../../lib/wire/http2/http2Client.js';
import { Http2Counters } from '../../../../lib/wire/http2/http2Counters.js';
import { Http2Error } from '../../../../lib/wire/http2/http2Error.js';
import type {
  Stream,
  StreamConnection,
  StreamListener,
  StreamTaker,
} from '../../../../lib/wire/http2/streamListener.js';
import { SentFrames, settings } from './peer.js';

const ORIGIN = { host: 'a', port: 1, ssl: false, remember: false };

/** A socket that is played by hand. */
class Wire implements HttpSocket {
  pending = false;
  destroyed = false;
  /** How often the socket was written to. */
  writes = 0;
  readonly #sent = new SentFrames();
  readonly #callbacks: (() => void)[] = [];
  readonly frames: string[] = [];

  constructor(readonly events: HttpSocketEvents) {}

  write(bytes: Uint8Array, written?: () => void): void {
    this.writes++;
    for (const each of this.#sent.read(bytes)) this.frames.push(this.#sent.text(each));
    if (written !== undefined) this.#callbacks.push(written);
  }

  destroy(): void {
    this.destroyed = true;
  }

  /** The operating system takes everything. */
  taken(): void {
    this.pending = false;
    for (const written of this.#callbacks.splice(0)) written();
  }

  receive(...parts: readonly Uint8Array[]): void {
    const bytes = Buffer.concat(parts);
    this.events.received(bytes, bytes.length);
    // The reader must have copied what it needs later.
    bytes.fill(0xaa);
  }

  /** The frames since the last call. */
  sent(): string[] {
    return this.frames.splice(0);
  }
}

/** A listener that writes down what it hears. */
export class Recorder implements StreamListener {
  readonly heard: string[] = [];
  body = '';
  /** Called after each event. */
  onEvent: (event: string) => void = () => undefined;
  stream: Stream | undefined;

  #hear(event: string): void {
    this.heard.push(event);
    this.onEvent(event);
  }

  unavailable(error: unknown): void {
    this.#hear(`unavailable: ${String(error)}`);
  }

  informational({ status }: { status: number }): void {
    this.#hear(`informational ${status}`);
  }

  responded({ status }: { status: number }): void {
    this.#hear(`responded ${status}`);
  }

  data(bytes: Uint8Array, start: number, end: number): void {
    const text = Buffer.from(bytes.subarray(start, end)).toString('latin1');
    this.body += text;
    this.#hear(`data ${text.length > 12 ? `${text.length} bytes` : text}`);
  }

  trailers({ fields }: { fields: readonly (readonly [string, string])[] }): void {
    this.#hear(`trailers ${fields.map((field) => field.join('=')).join(' ')}`);
  }

  written(): void {
    this.#hear('written');
  }

  drained(): void {
    this.#hear('drained');
  }

  complete(): void {
    this.#hear('complete');
  }

  failed(error: unknown): void {
    const again = error instanceof Http2Error && !error.processed ? ', not processed' : '';
    const { failure } = error as { failure?: { errorName: string } };
    this.#hear(`failed: ${failure?.errorName ?? String(error)}${again}`);
  }
}

export const GET = encodeHead([
  [':method', 'GET'],
  [':path', '/'],
]);
export const HEAD = encodeHead([
  [':method', 'HEAD'],
  [':path', '/'],
]);
export const POST = encodeHead([
  [':method', 'POST'],
  [':path', '/'],
]);

/** A client whose sockets are played by hand, on a virtual clock. */
export class WiredClient {
  readonly clock = new VirtualClock(1000);
  readonly wires: Wire[] = [];
  readonly counters = new Http2Counters();
  readonly client: Http2Client;

  constructor(options: Partial<Http2ClientOptions> = {}) {
    this.client = new Http2Client({
      scheduler: this.clock,
      random: () => 0.5,
      connect: (_, events) => {
        const wire = new Wire(events);
        this.wires.push(wire);
        return wire;
      },
      limiter: new ConnectLimiter(this.clock),
      flusher: new Flusher(afterCallback(this.clock)),
      idleTimeout: 0,
      connections: 0,
      streams: 0,
      oneShot: false,
      timed: false,
      heads: new HeadCache(),
      windows: DEFAULT_WINDOWS,
      settingsTimeout: 10_000,
      counters: this.counters,
      ...options,
    });
  }

  get wire(): Wire {
    return this.wires.at(-1) as Wire;
  }

  /** Opens the last socket; the server has sent its settings. What was sent until then is forgotten. */
  open(pairs: Record<number, number> = {}): this {
    this.wire.events.opened();
    this.wire.receive(settings(pairs));
    this.turn();
    this.wire.sent();
    return this;
  }

  /** Ends a turn of the event loop. */
  turn(): void {
    this.clock.advance(0);
  }

  /** Waits for a stream and sends a request on it. */
  send(
    head: EncodedHead = GET,
    body: Uint8Array | null = null,
    end = true,
  ): Recorder & { connection?: StreamConnection; leave(): void } {
    const recorder: Recorder & { connection?: StreamConnection; leave(): void } = Object.assign(new Recorder(), {
      leave: () => this.client.leave(ORIGIN, taker),
    });
    const taker: StreamTaker = {
      acquired: (connection) => {
        recorder.connection = connection;
        recorder.stream = connection.send(head, body, end, recorder);
      },
      unavailable: (error) => recorder.unavailable(error),
    };
    this.client.acquire(ORIGIN, taker);
    return recorder;
  }

  /** A client with an open connection and one request on it. */
  static sent(options: Partial<Http2ClientOptions> = {}, head = GET, body: Uint8Array | null = null, end = true) {
    const wired = new WiredClient(options);
    const recorder = wired.send(head, body, end);
    wired.open();
    return { wired, recorder, wire: wired.wire };
  }
}
