import { NET_FAILURE, netFailureOf } from '../../protocols/netFailure.js';
import { ExchangeError } from '../exchangeError.js';
import { Http2Error } from '../http2/http2Error.js';
import { GRPC_STATUS, statusOfReset } from './grpcStatus.js';

/** A call that failed without a status of the server: the status that stands for it, and a stable name. */
export interface GrpcFailure {
  readonly status: number;
  /** Stable: scripts may test for it. */
  readonly errorName: string;
}

const failure = (status: number, errorName: string): GrpcFailure => ({ status, errorName });

/** The failures that the gRPC gun itself finds. */
export const GRPC_FAILURE = {
  timeout: failure(GRPC_STATUS.deadlineExceeded, 'timeout'),
  noTrailers: failure(GRPC_STATUS.internal, 'grpc no trailers'),
  noStatus: failure(GRPC_STATUS.unknown, 'grpc no status'),
  badStatus: failure(GRPC_STATUS.internal, 'grpc bad status'),
  noMessage: failure(GRPC_STATUS.internal, 'grpc no message'),
  tooManyMessages: failure(GRPC_STATUS.internal, 'grpc too many messages'),
  truncated: failure(GRPC_STATUS.internal, 'grpc message cut off'),
  badFlag: failure(GRPC_STATUS.internal, 'grpc bad message flag'),
  notCompressed: failure(GRPC_STATUS.internal, 'grpc compressed without an encoding'),
  badCompression: failure(GRPC_STATUS.internal, 'grpc bad compression'),
  unknownEncoding: failure(GRPC_STATUS.unimplemented, 'grpc unknown encoding'),
  badMessage: failure(GRPC_STATUS.internal, 'grpc bad message'),
  tooLarge: failure(GRPC_STATUS.resourceExhausted, 'grpc message too large'),
  badMetadata: failure(GRPC_STATUS.internal, 'grpc bad metadata'),
} as const satisfies Record<string, GrpcFailure>;

/** The failure of a stream or of a connection. */
export function grpcFailureOf(error: unknown): GrpcFailure {
  if (error instanceof Http2Error) {
    const status = error.source === 'reset' ? statusOfReset(error.code) : GRPC_STATUS.unavailable;
    return failure(status, error.failure.errorName);
  }
  const { errorName } = error instanceof ExchangeError ? error.failure : netFailureOf(error);
  // As grpc-go: the server has nothing to do with it.
  if (errorName === NET_FAILURE.headTooLarge.errorName) return failure(GRPC_STATUS.internal, errorName);
  return failure(GRPC_STATUS.unavailable, errorName);
}
