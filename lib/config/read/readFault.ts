import { ElpisError } from '../../core/errors.js';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'it may not be read',
  EISDIR: 'it is a folder',
};

/** The error for a config that can't be read. */
export function readFault(name: string, cause: unknown, hint?: string): ElpisError {
  const { code } = Object(cause) as { readonly code?: string };
  const told = (cause instanceof Error ? cause.message : String(cause)).replace(/^request to .* failed, reason: /, '');
  return new ElpisError('ELPIS_CONFIG_READ', `${name}: ${REASONS[code ?? ''] ?? told}`, {
    cause,
    ...(hint === undefined ? {} : { hint }),
  });
}
