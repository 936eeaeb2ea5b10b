import type { GrpcFailure } from '../../../../lib/wire/grpc/grpcFailure.js';
import { GrpcListener } from '../../../../lib/wire/grpc/grpcListener.js';
import { GrpcHeads } from '../../../../lib/wire/grpc/responseHead.js';
import type { ReceivedHead, Stream } from '../../../../lib/wire/http2/streamListener.js';

/** What came of a call. */
export interface CallOutcome {
  /** Each in hex. */
  readonly messages: readonly string[];
  readonly cancelled: boolean;
  /** `status N text`, or the name of the failure. */
  readonly end: string;
}

/** A header list. */
export const head = (fields: Record<string, string>, status = 0): ReceivedHead => ({
  status,
  length: -1,
  fields: Object.entries(fields),
});

/** The head of a gRPC response. */
export const grpcHead = (fields: Record<string, string> = {}): ReceivedHead =>
  head({ 'content-type': 'application/grpc', ...fields }, 200);

/** A call that keeps what it receives, on a stream that is played by hand. */
class RecordedCall extends GrpcListener {
  readonly received: string[] = [];
  readonly ends: string[] = [];
  cancelled = false;

  constructor(
    maxMessage: number,
    protected override readonly keeps: boolean,
  ) {
    super({ heads: new GrpcHeads(), maxMessage });
    const stream: Stream = {
      ...{ waiting: 0, bytesIn: 0, bytesOut: 0 },
      write: () => undefined,
      finish: () => undefined,
      cancel: () => {
        this.cancelled = true;
      },
    };
    this.stream = stream;
  }

  protected override message(bytes: Uint8Array): void {
    this.received.push(Buffer.from(bytes).toString('hex'));
  }

  protected override finished(status: number, text: string): void {
    this.ends.push(`status ${status}${text === '' ? '' : ` ${text}`}`);
  }

  protected override broken(failure: GrpcFailure): void {
    this.ends.push(failure.errorName);
  }

  written(): void {
    // Nothing is sent.
  }

  drained(): void {
    // Nothing is sent.
  }
}

/**
 * Plays a response by hand.
 *
 * @param trailers Null for none.
 * @param keeps Whether messages are kept. Default true.
 */
export function readCall(
  pieces: readonly Uint8Array[],
  trailers: ReceivedHead | null = head({ 'grpc-status': '0' }),
  { response = grpcHead(), maxMessage = 1000, keeps = true } = {},
): CallOutcome {
  const call = new RecordedCall(maxMessage, keeps);
  call.responded(response);
  for (const piece of pieces) {
    if (call.cancelled) break;
    // The bytes are overwritten after the call, as those of a socket are.
    const padded = Buffer.concat([Buffer.of(7), piece, Buffer.of(7)]);
    call.data(padded, 1, padded.length - 1);
    padded.fill(0xee);
  }
  if (!call.cancelled && trailers !== null) call.trailers(trailers);
  if (!call.cancelled) call.complete();
  if (call.ends.length !== 1) throw new Error(`the call ended ${call.ends.length} times: ${call.ends.join(', ')}`);
  return { messages: call.received, cancelled: call.cancelled, end: call.ends[0] as string };
}
