import type * as nodeHttp from 'node:http';
import { createRequire } from 'node:module';
import type { Bytes } from '../../core/units.js';
import { canonicalName } from '../../protocols/headerName.js';
import { type CaptureRule, ResponseRecorder } from '../../wire/http1/capture.js';
import { DumpMeter } from '../../wire/http1/parser/dumpMeter.js';
import { ResponseFraming } from '../../wire/http1/parser/responseFraming.js';
import type { ReceivedHead } from '../../wire/http2/streamListener.js';

const load = createRequire(import.meta.url);

/** The reason that Go's client shows for a status; HTTP/2 sends none. Loaded with the first response that is kept. */
function reasonOf(status: number): string {
  return (load('node:http') as typeof nodeHttp).STATUS_CODES[status] ?? '';
}

/** Keeps a response over HTTP/2 as Go's client has it, for the answlog, redirects, dumps and transports. */
export class Http2Capture {
  readonly recorder = new ResponseRecorder();
  readonly #framing = new ResponseFraming();
  readonly #meter: DumpMeter;
  #received: Bytes = 0;

  constructor(
    readonly rule: CaptureRule,
    readonly forHead: boolean,
  ) {
    this.#meter = new DumpMeter(rule);
  }

  head(head: ReceivedHead): void {
    const { status, length, fields } = head;
    const line = Buffer.from(`HTTP/2.0 ${status} ${reasonOf(status)}`, 'latin1');
    this.recorder.begin(this.rule, status);
    this.recorder.line(line, 0, line.length);
    this.#framing.statusLine(line, 0, line.length);
    this.#framing.length = length;
    for (const [name, value] of fields) this.recorder.text(`${canonicalName(name)}: ${value}`);
    this.#meter.head(this.#framing, this.recorder, this.forHead);
  }

  data(bytes: Uint8Array, start: number, end: number): void {
    this.#received += end - start;
    this.#meter.body(bytes, start, end);
    this.recorder.content(bytes, start, end);
  }

  /** phout's size_in: the length of Go's dump of the response. Known when it is complete. */
  get dumpBytes(): Bytes {
    return this.#meter.size(this.#framing, this.#received, [], this.forHead);
  }
}
