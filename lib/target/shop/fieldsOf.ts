import type { IncomingMessage } from 'node:http';

/** The fields of a body, as a form or as a JSON object sends them; `undefined` when it is neither. */
export function fieldsOf({ headers }: IncomingMessage, body: string): Readonly<Record<string, unknown>> | undefined {
  if (!(headers['content-type'] ?? '').startsWith('application/json'))
    return Object.fromEntries(new URLSearchParams(body));
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
