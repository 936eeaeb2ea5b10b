import { ElpisError, type ErrorCode } from '../../core/errors.js';

/** `file:line:column` of the first mention of the file in an error's message or stack, else the file alone. */
function placeIn(file: string, error: unknown): string {
  const told = error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : '';
  const at = told.indexOf(`${file}:`);
  const place = at < 0 ? null : /^:(\d+)(?::(\d+))?/.exec(told.slice(at + file.length));
  return place === null ? file : `${file}${place[0]}`;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return (error.message.split('\n')[0] as string).trim();
}

/** The error for a module that can't be loaded or used: names the file, the line where known, and the cause. */
export function moduleFault(code: ErrorCode, file: string, cause: unknown, hint?: string): ElpisError {
  return new ElpisError(code, `${placeIn(file, cause)}: ${reasonOf(cause)}`, {
    cause,
    ...(hint === undefined ? {} : { hint }),
  });
}
