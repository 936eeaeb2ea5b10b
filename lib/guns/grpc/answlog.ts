import { describeError } from '../../core/errorContext.js';
import type { EpochMs } from '../../core/units.js';
import type { ReadableMessage } from '../../protobuf/schemaMethod.js';
import { statusName } from '../../wire/grpc/grpcStatus.js';
import type { Answlog } from '../shared/answlog.js';
import type { GrpcOutcome, GrpcOutcomeSink } from './exchange.js';

/** A message in text form, or why it has none. */
function textOf(read: () => ReadableMessage): string {
  try {
    return read().text;
  } catch (error) {
    return `not a message: ${describeError(error)}`;
  }
}

/**
 * Writes each call with its response: method, message in text form and metadata; then the response in text form or `empty`, and the
 * error.
 *
 * @param from The lowest code that is written.
 */
export function grpcAnswlog(file: Answlog, from: number): GrpcOutcomeSink {
  return {
    write(now: EpochMs, { call, ammo, protoCode, status, text, message }: GrpcOutcome) {
      if (protoCode < from || call.problem !== undefined) return;
      const { method, request } = call;
      const sent = {
        method: method.name,
        message: textOf(() => method.request(request)),
        metadata: ammo.call.metadata,
      };
      const error = status === 0 ? null : `${statusName(status)}${text === '' ? '' : `: ${text}`}`;
      const resp = message === undefined ? 'empty' : textOf(() => method.response(message));
      file.writeFields(now, sent, { resp, error });
    },
  };
}
