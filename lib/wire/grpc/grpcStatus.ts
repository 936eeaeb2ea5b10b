/** The status codes of gRPC. */
export const GRPC_STATUS = {
  ok: 0,
  cancelled: 1,
  unknown: 2,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  alreadyExists: 6,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  aborted: 10,
  outOfRange: 11,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  dataLoss: 15,
  unauthenticated: 16,
} as const;

const NAMES: readonly string[] = [
  'ok',
  'cancelled',
  'unknown',
  'invalid argument',
  'deadline exceeded',
  'not found',
  'already exists',
  'permission denied',
  'resource exhausted',
  'failed precondition',
  'aborted',
  'out of range',
  'unimplemented',
  'internal',
  'unavailable',
  'data loss',
  'unauthenticated',
];

/** The number that Pandora reports for each status: that of a similar status of HTTP. */
const PROTO_CODES: readonly number[] = [
  200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401,
];
const OTHER_CODE = 500;

/** The proto code of a sample for a status; 500 for a number that is no status. @example protoCodeOf(5); // 404 */
export function protoCodeOf(status: number): number {
  return PROTO_CODES[status] ?? OTHER_CODE;
}

/** The names that samples have for each status, made once: a run counts failures by their names. */
const SAMPLE_NAMES = NAMES.map((name, status) => (status === 0 ? '' : `grpc ${name}`));

/** Name of a status for samples: `grpc not found`; empty for OK. */
export function statusName(status: number): string {
  return SAMPLE_NAMES[status] ?? 'grpc unknown status';
}

/** The status for a response that is not gRPC, by its HTTP status (https://grpc.github.io/grpc/core/md_doc_http-grpc-status-mapping.html). */
export function statusOfHttp(httpStatus: number): number {
  switch (httpStatus) {
    case 400:
      return GRPC_STATUS.internal;
    case 401:
      return GRPC_STATUS.unauthenticated;
    case 403:
      return GRPC_STATUS.permissionDenied;
    case 404:
      return GRPC_STATUS.unimplemented;
    case 429:
    case 502:
    case 503:
    case 504:
      return GRPC_STATUS.unavailable;
    default:
      return GRPC_STATUS.unknown;
  }
}

/** The statuses for error codes of HTTP/2, from 0, as grpc-go has them. */
const OF_RESET: readonly number[] = [
  GRPC_STATUS.internal,
  GRPC_STATUS.internal,
  GRPC_STATUS.internal,
  GRPC_STATUS.resourceExhausted,
  GRPC_STATUS.internal,
  GRPC_STATUS.internal,
  GRPC_STATUS.internal,
  GRPC_STATUS.unavailable,
  GRPC_STATUS.cancelled,
  GRPC_STATUS.internal,
  GRPC_STATUS.internal,
  GRPC_STATUS.resourceExhausted,
  GRPC_STATUS.permissionDenied,
  GRPC_STATUS.internal,
];

/** The status for a stream that the server reset with a code of HTTP/2. */
export function statusOfReset(code: number): number {
  return OF_RESET[code] ?? GRPC_STATUS.unknown;
}
