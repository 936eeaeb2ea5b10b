import type * as t from 'io-ts';

const MAX_SHOWN = 40;

/** The place of the first error in a value of JSON, what was expected there, and what was found. It begins with the path below the value. */
export function faultText(errors: t.Errors): string {
  const [error] = errors;
  if (error === undefined) return '';
  const path = error.context
    .slice(1)
    .map(({ key }) => (/^\d+$/.test(key) ? `[${key}]` : `.${key}`))
    .join('');
  if (error.message !== undefined) return `${path}: ${error.message}`;
  const found = JSON.stringify(error.value) ?? 'nothing';
  const shown = found.length > MAX_SHOWN ? `${found.slice(0, MAX_SHOWN)}...` : found;
  return `${path}: expected ${error.context.at(-1)?.type.name ?? 'another value'}, got ${shown}`;
}
