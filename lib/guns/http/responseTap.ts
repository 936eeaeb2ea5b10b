import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import type { EpochMs } from '../../core/units.js';
import { TransportResponse } from '../../protocols/transportResponse.js';
import type { ResponseCapture } from './responseCapture.js';
import type { ResponseLog } from './responseLog.js';

const DECODERS: Readonly<Record<string, (body: Uint8Array) => Uint8Array>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

function headersOf(lines: readonly string[]): (readonly [string, string])[] {
  return lines.slice(1).flatMap((line) => {
    const colon = line.indexOf(':');
    return colon < 0 ? [] : [[line.slice(0, colon), line.slice(colon + 1).trim()] as const];
  });
}

/** A body that can't be decoded stays as it came: checks will say so. */
function decoded(body: Uint8Array, encoding: string | undefined): Uint8Array {
  const decode = DECODERS[encoding?.toLowerCase() ?? ''];
  if (decode === undefined || body.length === 0) return body;
  try {
    return decode(body);
  } catch {
    return body;
  }
}

/**
 * Holds on to the last response for the moment between its end and the end of its shot, which follow each other without
 * anything in between: so one serves all transports of a pool.
 */
export class ResponseTap implements ResponseLog {
  #last: TransportResponse | undefined;
  #further: ResponseLog | undefined;
  #fromStatus = 0;

  /** Who else is told, of responses from a status on. */
  passOn(further: ResponseLog, fromStatus: number): void {
    this.#further = further;
    this.#fromStatus = fromStatus;
  }

  write(now: EpochMs, request: Uint8Array, response: ResponseCapture): void {
    const status = Number(/^\S+ (\d+)/.exec(response.lines[0] ?? '')?.[1] ?? 0);
    if (status >= this.#fromStatus) this.#further?.write(now, request, response);
    const headers = headersOf(response.lines);
    const body = decoded(response.body, response.header('content-encoding'));
    this.#last = new TransportResponse(status, headers, body);
  }

  /** The response of the shot that has just ended, if it was complete; only once. */
  take(): TransportResponse | undefined {
    const last = this.#last;
    this.#last = undefined;
    return last;
  }
}
