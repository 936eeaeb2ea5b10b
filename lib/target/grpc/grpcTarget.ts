import type { Http2ServerRequest, Http2ServerResponse, IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { gunzipSync } from 'node:zlib';
import type { SchedulerLike } from 'rxjs';
import { describeError } from '../../core/errorContext.js';
import { compileProto, loadProtoParser } from '../../protobuf/compileProto.js';
import { loadProtobuf } from '../../protobuf/library.js';
import { Schema } from '../../protobuf/schema.js';
import type { SchemaMethod } from '../../protobuf/schemaMethod.js';
import type { StatsRecorder } from '../stats.js';
import { type Answer, METHODS, type Message, type Method } from './methods.js';
import { ReflectionService } from './reflectionService.js';
import { ADDER_PROTO, HEALTH_PROTO, TARGET_PROTO } from './targetProto.js';

const HEAD = 5;
/** Most bytes of a request. */
const MOST = 64 * 1024 * 1024;
const [UNIMPLEMENTED, INTERNAL, EXHAUSTED] = [12, 13, 8];

const RESPONSE = { ':status': 200, 'content-type': 'application/grpc' };

/** The form of `grpc-message`: all but printable ASCII is percent-encoded, and so is the percent sign. */
function percentEncoded(text: string): string {
  return text.replaceAll(/[^\x20-\x24\x26-\x7e]+/g, (part) => encodeURIComponent(part));
}

function framed(message: Uint8Array): Buffer {
  const bytes = Buffer.alloc(HEAD + message.length);
  bytes.writeUInt32BE(message.length, 1);
  bytes.set(message, HEAD);
  return bytes;
}

/** The descriptors and methods of the target, loaded with its first call. */
interface Loaded {
  readonly schema: Schema;
  readonly reflection: ReflectionService;
}

async function load(): Promise<Loaded> {
  const [library, parse] = [await loadProtobuf(), await loadProtoParser()];
  const sources = { 'target.proto': TARGET_PROTO, 'adder.proto': ADDER_PROTO, 'health.proto': HEALTH_PROTO };
  const parsed = Object.entries(sources).map(([name, text]) => parse(name, text));
  const files = compileProto(library, parsed);
  return { schema: new Schema(library, files), reflection: new ReflectionService(library, files) };
}

/** A call at the target: messages come in, and a response with trailers goes out. */
class TargetCall {
  readonly #stream: ServerHttp2Stream;
  readonly #response: Http2ServerResponse;
  readonly #gzip: boolean;
  readonly #message: (bytes: Uint8Array) => void;
  #bytes: Buffer = Buffer.alloc(0);
  #begun = false;

  constructor(response: Http2ServerResponse, headers: IncomingHttpHeaders, message: (bytes: Uint8Array) => void) {
    this.#response = response;
    this.#stream = response.stream;
    this.#gzip = headers['grpc-encoding'] === 'gzip';
    this.#message = message;
  }

  received(chunk: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    while (this.#bytes.length >= HEAD) {
      const end = HEAD + this.#bytes.readUInt32BE(1);
      if (end > MOST) {
        this.end(EXHAUSTED, `a request is up to ${MOST} bytes`);
        return;
      }
      if (this.#bytes.length < end) return;
      const content = this.#bytes.subarray(HEAD, end);
      const packed = this.#bytes[0] === 1;
      this.#bytes = this.#bytes.subarray(end);
      if (packed && !this.#gzip) this.end(INTERNAL, 'a message is compressed and the call has no encoding');
      else this.#message(packed ? gunzipSync(content, { maxOutputLength: MOST }) : content);
    }
  }

  /** Sends a message; the first comes with the head. */
  send(message: Uint8Array): void {
    this.#begin();
    if (!this.#stream.writableEnded) this.#stream.write(framed(message));
  }

  /** Ends the call: trailers only when nothing was sent. */
  end(status: number, text = ''): void {
    const { writableEnded, destroyed } = this.#stream;
    if (writableEnded || destroyed) return;
    const trailers: Record<string, string> = { 'grpc-status': String(status) };
    if (text !== '') trailers['grpc-message'] = percentEncoded(text);
    if (!this.#begun) {
      this.#stream.respond({ ...RESPONSE, ...trailers }, { endStream: true });
      return;
    }
    this.#response.addTrailers(trailers);
    this.#stream.end();
  }

  #begin(): void {
    if (this.#begun || this.#stream.destroyed) return;
    this.#begun = true;
    this.#stream.respond(RESPONSE, { waitForTrailers: true });
  }
}

/** True for the headers of a gRPC call. */
export function isGrpc({ 'content-type': type }: IncomingHttpHeaders): boolean {
  return type?.startsWith('application/grpc') === true;
}

/** The gRPC services of the target, with reflection and health, on the streams of its HTTP/2 server. */
export class GrpcTarget {
  readonly #recorder: StatsRecorder;
  readonly #scheduler: SchedulerLike;
  #loading: Promise<Loaded> | undefined;

  constructor(recorder: StatsRecorder, scheduler: SchedulerLike) {
    this.#recorder = recorder;
    this.#scheduler = scheduler;
  }

  /** Responds to a call. It is counted already. */
  serve({ headers }: Http2ServerRequest, response: Http2ServerResponse, path: string): void {
    const recorder = this.#recorder;
    const { stream } = response;
    stream.once('close', () => recorder.ended(stream.rstCode === 0));
    stream.on('error', () => undefined);
    stream.pause();
    this.#loading ??= load();
    this.#loading.then(
      (loaded) => {
        recorder.responded(RESPONSE[':status']);
        this.#begin(loaded, headers, response, path);
      },
      (error: unknown) => new TargetCall(response, headers, () => undefined).end(INTERNAL, describeError(error)),
    );
  }

  #begin(
    { schema, reflection }: Loaded,
    headers: IncomingHttpHeaders,
    response: Http2ServerResponse,
    path: string,
  ): void {
    const { stream } = response;
    if (reflection.has(path)) {
      const call: TargetCall = new TargetCall(response, headers, (bytes) => call.send(reflection.answer(bytes)));
      this.#read(stream, call, () => call.end(0));
      return;
    }
    const described = schema.method(path);
    const method = described === undefined ? undefined : METHODS.get(described.name);
    if (described === undefined || method === undefined) {
      new TargetCall(response, headers, () => undefined).end(UNIMPLEMENTED, `unknown method ${path}`);
      stream.resume();
      return;
    }
    const requests: Message[] = [];
    const call: TargetCall = new TargetCall(response, headers, (bytes) => {
      const request = described.request(bytes).json as Message;
      if ('each' in method) call.send(described.encodeResponse(method.each(request)));
      else requests.push(request);
    });
    this.#read(stream, call, () => this.#finish(call, described, method, requests));
  }

  #read(stream: ServerHttp2Stream, call: TargetCall, ended: () => void): void {
    stream.on('data', (chunk: Buffer) => {
      try {
        call.received(chunk);
      } catch (error) {
        call.end(INTERNAL, describeError(error));
      }
    });
    stream.once('end', ended);
    stream.resume();
  }

  #finish(call: TargetCall, described: SchemaMethod, method: Method, requests: readonly Message[]): void {
    if ('each' in method) {
      call.end(0);
      return;
    }
    const answer = method.whole(requests);
    if ((answer.delayMs ?? 0) > 0) this.#scheduler.schedule(() => respond(call, described, answer), answer.delayMs);
    else respond(call, described, answer);
  }
}

function respond(call: TargetCall, described: SchemaMethod, { messages = [], status = 0, text = '' }: Answer): void {
  if (status === 0 || described.kind !== 'unary') {
    for (const message of messages) call.send(described.encodeResponse(message));
  }
  call.end(status, status === 0 ? '' : text);
}
