import { canonicalName } from './canonicalName.js';
import type { Header } from './header.js';

/** What one JSON object of the http/json format says. */
export interface HttpItem {
  host: string;
  method: string;
  uri: string;
  tag: string;
  body: string;
  headers: Header[];
}

function readHeaders(value: unknown, item: HttpItem): string | undefined {
  if (value === null) item.headers = [];
  else if (typeof value !== 'object' || Array.isArray(value)) return 'headers is no object';
  else {
    for (const [name, text] of Object.entries(value as Record<string, unknown>)) {
      if (typeof text !== 'string' && text !== null) return `the header ${name} is no text`;
      const canonical = canonicalName(name);
      const header: Header = [canonical, text ?? ''];
      const known = item.headers.findIndex((other) => other[0] === canonical);
      if (known < 0) item.headers.push(header);
      else item.headers[known] = header;
    }
  }
  return undefined;
}

/**
 * Reads the fields of an item, or says what is wrong. Names ignore case, unknown fields are ignored, null is the default.
 */
export function readHttpItem(value: unknown): HttpItem | string {
  if (typeof value !== 'object' || Array.isArray(value)) return 'it is no object';
  const item: HttpItem = { host: '', method: '', uri: '', tag: '', body: '', headers: [] };
  for (const key in value as Record<string, unknown>) {
    const field = (value as Record<string, unknown>)[key];
    const name = key in item ? key : key.toLowerCase();
    if (name === 'headers') {
      const problem = readHeaders(field, item);
      if (problem !== undefined) return problem;
    } else if (name === 'host' || name === 'method' || name === 'uri' || name === 'tag' || name === 'body') {
      if (typeof field === 'string') item[name] = field;
      else if (field !== null) return `${name} is no text`;
    }
  }
  return item;
}
