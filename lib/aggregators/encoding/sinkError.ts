import { ElpisError, isElpisError } from '../../core/errors.js';

/** The error of a sink that can not be opened or written any more; an Elpis error stays as it is. */
export function sinkError(from: string, sinkName: string, cause: unknown): ElpisError {
  if (isElpisError(cause)) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ElpisError('ELPIS_SINK', `${from}: can not write results to ${sinkName}: ${reason}`, {
    cause,
    hint: 'check that its folder exists, that it may be written and that the disk has space',
  });
}
