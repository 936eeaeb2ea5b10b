import type { ReceivedHead } from '../http2/streamListener.js';
import { GRPC_FAILURE, type GrpcFailure } from './grpcFailure.js';
import { GRPC_STATUS, statusOfHttp } from './grpcStatus.js';

/** What a header list says about a call. */
export interface GrpcHead {
  /** The status, or -1 when the list has none. */
  readonly status: number;
  /** The text of `grpc-message`. */
  readonly message: string;
  /** The value of `grpc-encoding`; empty for none. */
  readonly encoding: string;
  /** The reason that the response is not one of gRPC. */
  readonly failure: GrpcFailure | undefined;
}

const CONTENT_TYPE = /^application\/grpc(?:[+;]|$)/i;
const STATUS = /^\d{1,10}$/;

/** The text behind percent-encoding; what is not valid stays as it is. */
export function decodeMessage(encoded: string): string {
  const bytes = encoded.replaceAll(/%([\da-f]{2})/gi, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

function fieldOf({ fields }: ReceivedHead, name: string): string | undefined {
  return fields.find(([each]) => each === name)?.[1];
}

function parseHead(head: ReceivedHead, trailing: boolean): GrpcHead {
  const written = fieldOf(head, 'grpc-status');
  const encoding = fieldOf(head, 'grpc-encoding') ?? '';
  const message = decodeMessage(fieldOf(head, 'grpc-message') ?? '');
  const rest = { message, encoding };
  if (!trailing && !CONTENT_TYPE.test(fieldOf(head, 'content-type') ?? '')) {
    // A proxy in between responds with a status of HTTP and a page.
    const status = head.status === 200 ? GRPC_STATUS.unknown : statusOfHttp(head.status);
    const type = fieldOf(head, 'content-type') ?? 'none';
    const errorName = head.status === 200 ? 'grpc wrong content-type' : `http status ${head.status}`;
    return {
      ...rest,
      message: `HTTP status ${head.status}, content-type ${type}`,
      status,
      failure: { status, errorName },
    };
  }
  if (!trailing && head.status !== 200) {
    const status = statusOfHttp(head.status);
    return { ...rest, status, failure: { status, errorName: `http status ${head.status}` } };
  }
  if (written === undefined) return { ...rest, status: -1, failure: undefined };
  const known = STATUS.test(written);
  return known
    ? { ...rest, status: Number(written), failure: undefined }
    : { ...rest, status: GRPC_STATUS.internal, failure: GRPC_FAILURE.badStatus };
}

/**
 * Parses header lists. Equal lists mostly are one object, and a target mostly sends one head and one list of trailers, so what was
 * parsed last of each is kept.
 */
export class GrpcHeads {
  #head: ReceivedHead | undefined;
  #parsedHead: GrpcHead | undefined;
  #trailers: ReceivedHead | undefined;
  #parsedTrailers: GrpcHead | undefined;

  /** Of the head of a response. */
  head(head: ReceivedHead): GrpcHead {
    if (head !== this.#head || this.#parsedHead === undefined) {
      this.#head = head;
      this.#parsedHead = parseHead(head, false);
    }
    return this.#parsedHead;
  }

  /** Of trailers. */
  trailers(trailers: ReceivedHead): GrpcHead {
    if (trailers !== this.#trailers || this.#parsedTrailers === undefined) {
      this.#trailers = trailers;
      this.#parsedTrailers = parseHead(trailers, true);
    }
    return this.#parsedTrailers;
  }
}
