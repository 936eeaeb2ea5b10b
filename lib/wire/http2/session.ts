import type { SchedulerLike } from 'rxjs';
import type { ConnectionEnd } from '../../core/connections.js';
import type { Bytes, Millis } from '../../core/units.js';
import { LazyTimer } from '../../time/lazyTimer.js';
import type { HttpSocket } from '../dial/connector.js';
import { DataHandler, type ReceiveWindows } from './dataHandler.js';
import type { EncodedHead } from './encodedHead.js';
import { FloodGuard } from './floodGuard.js';
import { type ConnectionEvents, FrameHandler } from './frameHandler.js';
import { FrameReader } from './frameReader.js';
import { MAX_STREAM_ID, MAX_WINDOW, SETTING } from './frames.js';
import { FrameWriter } from './frameWriter.js';
import type { HeadCache } from './headCache.js';
import { HEADER_LIMIT, HeaderBlocks } from './headerBlocks.js';
import type { Http2Counters } from './http2Counters.js';
import { ERROR_CODE, errorCodeName, Http2Error } from './http2Error.js';
import { Http2Stream, type StreamOwner } from './http2Stream.js';
import { PeerSettings } from './peerSettings.js';
import { headTooLarge, RefusedStream } from './refusedStream.js';
import { SendQueue } from './sendQueue.js';
import type { Stream, StreamListener } from './streamListener.js';
import { StreamTable } from './streamTable.js';

/** Options of sessions. */
export interface SessionOptions {
  readonly scheduler: SchedulerLike;
  /** Report the moment when a request is written, at a small cost. */
  readonly timed: boolean;
  /** Heads that were decoded before. */
  readonly heads: HeadCache;
  readonly windows: ReceiveWindows;
  /** How long the peer may take to acknowledge our settings. */
  readonly settingsTimeout: Millis;
  readonly counters: Http2Counters;
  /** Id of the first stream of a connection, odd. Default 1. */
  readonly firstId?: number;
}

/** The connection that a session is on. */
export interface SessionHost {
  /** Frames wait to be written. */
  dirty(): void;
  /** A stream has ended, or the peer takes more of them. */
  freed(): void;
  /** No new stream can begin. @param by Why the connection ends after the last one. */
  drains(by: ConnectionEnd): void;
  /** The session has failed; the last frames are written. */
  broken(error: Error): void;
}

/** HTTP/2 on one open socket: the streams, the frames in both directions, and the rules of the connection (RFC 9113). */
export class Session implements ConnectionEvents, StreamOwner {
  readonly #options: SessionOptions;
  readonly #host: SessionHost;
  readonly #writer: FrameWriter;
  readonly #reader: FrameReader;
  readonly #frames: FrameHandler;
  readonly #data: DataHandler;
  readonly #queue: SendQueue;
  readonly #guard = new FloodGuard();
  readonly #streams: StreamTable;
  readonly #peer = new PeerSettings();
  readonly #settingsTimer: LazyTimer;
  /** Streams whose last frame was collected, and not written; only when timed. */
  #ended: Http2Stream[] = [];
  /** Counts the pieces that were received. */
  #serial = 0;
  /** Acknowledgements since the socket last had nothing to send. */
  #owed = 0;
  #resized = false;
  #over = false;

  /** @param copies True for a socket that keeps what is written until later, such as one with TLS. */
  constructor(socket: HttpSocket, copies: boolean, options: SessionOptions, host: SessionHost) {
    this.#options = options;
    this.#streams = new StreamTable(options.firstId);
    this.#host = host;
    this.#writer = new FrameWriter(socket, copies);
    this.#frames = new FrameHandler(this.#streams, new HeaderBlocks(options.heads), this.#guard, this);
    this.#data = new DataHandler(this.#streams, this.#writer, this.#frames, this.#guard, options.windows);
    this.#reader = new FrameReader(this.#frames, this.#data);
    this.#queue = new SendQueue(this.#writer, this.#guard, (stream) => this.#requestEnded(stream));
    this.#settingsTimer = new LazyTimer(options.scheduler, () => this.#settingsLate());
  }

  /** Sends the preface and our settings. */
  open(): void {
    const { scheduler, windows, settingsTimeout } = this.#options;
    this.#writer.preface();
    this.#writer.settings([
      [SETTING.headerTableSize, 0],
      [SETTING.enablePush, 0],
      [SETTING.initialWindowSize, windows.stream],
      [SETTING.maxHeaderListSize, HEADER_LIMIT],
    ]);
    this.#data.open();
    this.#host.dirty();
    this.#settingsTimer.set(scheduler.now() + settingsTimeout);
  }

  /** Open streams. */
  get size(): number {
    return this.#streams.size;
  }

  /** Streams that the peer takes at a time. */
  get most(): number {
    return this.#peer.maxStreams;
  }

  /** True when the peer has sent its settings, and therefore speaks HTTP/2. */
  get confirmed(): boolean {
    return this.#peer.received;
  }

  /** True when nothing has arrived since the stream began. */
  silentSince(stream: Http2Stream): boolean {
    return stream.serial === this.#serial;
  }

  send(head: EncodedHead, body: Uint8Array | null, end: boolean, listener: StreamListener): Stream {
    const { window, resizesTable, maxHeaderList } = this.#peer;
    if (head.size > maxHeaderList)
      return new RefusedStream(this.#options.scheduler, listener, headTooLarge(head, maxHeaderList));
    const id = this.#streams.nextId;
    const { stream: receives } = this.#options.windows;
    const stream = new Http2Stream(id, head.forHead, listener, this, window, receives, this.#serial);
    this.#streams.add(stream);
    const resize = resizesTable && !this.#resized;
    if (resize) this.#resized = true;
    const bodyless = body === null || body.length === 0;
    stream.bytesOut = this.#writer.headers(id, head.block, end && bodyless, resize);
    if (!bodyless) stream.write(body, end);
    else if (end) {
      stream.sentEnd();
      this.#requestEnded(stream);
    }
    // The ids of a connection do not begin again.
    if (this.#streams.nextId > MAX_STREAM_ID) this.#host.drains('generator');
    this.#host.dirty();
    return stream;
  }

  received(bytes: Uint8Array, length: number): void {
    this.#serial++;
    this.#reader.feed(bytes, length);
    this.flush();
  }

  /** Writes the frames that were collected. */
  flush(): void {
    const ended = this.#ended;
    this.#data.flushed();
    if (ended.length === 0) {
      this.#queue.flush();
      return;
    }
    this.#ended = [];
    this.#queue.flush(() => {
      for (const stream of ended) stream.written();
    });
  }

  /** Tells the peer that the connection is closed in an orderly way. */
  farewell(): void {
    this.#writer.goaway(ERROR_CODE.noError);
  }

  /** Ends all streams. No frame is sent. */
  end(error: unknown): void {
    if (this.#over) return;
    this.#over = true;
    this.#reader.stop();
    this.#settingsTimer.close();
    for (const stream of this.#streams.all()) this.#fail(stream, error);
  }

  get maxHeaderList(): Bytes {
    return this.#peer.maxHeaderList;
  }

  hasBody(stream: Http2Stream): void {
    this.#queue.add(stream);
    this.#host.dirty();
  }

  ended(stream: Http2Stream): void {
    this.#forget(stream, false);
    this.#host.freed();
  }

  reset(stream: Http2Stream, code: number): void {
    this.#forget(stream, true);
    if (this.#over) return;
    this.#writer.rstStream(stream.id, code);
    this.#host.dirty();
    this.#host.freed();
  }

  settings(bytes: Uint8Array, start: number, end: number): void {
    const before = this.#peer.window;
    const problem = this.#peer.apply(bytes, start, end);
    if (problem !== undefined) {
      this.violated(problem.code, problem.message);
      return;
    }
    if (!this.#acknowledges()) return;
    this.#writer.settingsAck();
    const change = this.#peer.window - before;
    if (change !== 0) this.#widenAll(change);
    if (!this.#over) this.#host.freed();
  }

  settingsAcked(): void {
    this.#settingsTimer.clear();
  }

  ping(bytes: Uint8Array, start: number): void {
    if (this.#acknowledges()) this.#writer.pingAck(bytes, start);
  }

  goaway(lastId: number, code: number, text: string): void {
    this.#options.counters.goaways++;
    this.#host.drains('target');
    const reason = text === '' ? '' : ` (${JSON.stringify(text)})`;
    const message = `the peer closes the connection: ${errorCodeName(code)}${reason}`;
    const unprocessed = this.#streams.all().filter((stream) => stream.id > lastId);
    for (const stream of unprocessed) this.#fail(stream, new Http2Error('goaway', code, message, false));
    this.#host.freed();
  }

  windowUpdate(id: number, increment: Bytes): void {
    if (id === 0) {
      if (increment === 0) this.violated(ERROR_CODE.protocolError, 'WINDOW_UPDATE by 0');
      else if (this.#queue.widen(increment)) this.#queue.pump();
      else this.violated(ERROR_CODE.flowControlError, `a window of the connection above ${MAX_WINDOW} bytes`);
      return;
    }
    const stream = this.#streams.get(id);
    if (stream === undefined) return;
    if (increment === 0) stream.violated(ERROR_CODE.protocolError, 'WINDOW_UPDATE by 0');
    else if (stream.widen(increment)) this.#queue.add(stream);
    else stream.violated(ERROR_CODE.flowControlError, `a window of a stream above ${MAX_WINDOW} bytes`);
  }

  resetByPeer(id: number, code: number): void {
    const stream = this.#streams.get(id);
    if (stream === undefined) return;
    const message = `the peer reset the stream: ${errorCodeName(code)}`;
    this.#fail(stream, new Http2Error('reset', code, message, code !== ERROR_CODE.refusedStream));
    this.#host.freed();
  }

  violated(code: number, message: string): void {
    if (this.#over) return;
    this.#reader.stop();
    this.#writer.goaway(code);
    this.#writer.flush();
    this.#host.broken(new Http2Error('violation', code, message));
  }

  #requestEnded(stream: Http2Stream): void {
    if (this.#options.timed) this.#ended.push(stream);
  }

  #forget(stream: Http2Stream, cancelled: boolean): void {
    stream.over = true;
    this.#streams.remove(stream, cancelled);
    this.#queue.remove(stream);
  }

  #fail(stream: Http2Stream, error: unknown): void {
    if (stream.over) return;
    this.#forget(stream, false);
    stream.failed(error);
  }

  #widenAll(change: Bytes): void {
    for (const stream of this.#streams.all()) {
      if (!stream.widen(change)) {
        this.violated(ERROR_CODE.flowControlError, `INITIAL_WINDOW_SIZE widens a window above ${MAX_WINDOW} bytes`);
        return;
      }
      this.#queue.add(stream);
    }
  }

  /** False when the peer does not read, and has asked for too many acknowledgements. */
  #acknowledges(): boolean {
    this.#owed = this.#writer.socket.pending ? this.#owed + 1 : 0;
    if (this.#owed <= this.#guard.most) return true;
    this.violated(ERROR_CODE.enhanceYourCalm, `${this.#guard.most} acknowledgements to a peer that does not read`);
    return false;
  }

  #settingsLate(): void {
    const text = `our settings were not acknowledged within ${this.#options.settingsTimeout}ms`;
    this.violated(ERROR_CODE.settingsTimeout, text);
  }
}
