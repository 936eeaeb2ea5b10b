import { Readable } from 'node:stream';
import { Headers, type RequestInit } from 'node-fetch';
import type { HttpRequest } from '../../protocols/httpRequest.js';

/** The ammo's part of the options of `fetch`. @throws TypeError for a header that can't be sent. */
export function fetchRequest(request: HttpRequest): RequestInit {
  const headers = new Headers(request.headers);
  if (request.host !== '') headers.set('Host', request.host);
  if (request.close) headers.set('Connection', 'close');
  headers.delete('Content-Length');
  headers.delete('Transfer-Encoding');
  const { method, body, chunked } = request;
  if (body === null || body.length === 0) return { method, headers };
  return { method, headers, body: chunked ? Readable.from([body]) : Buffer.from(body) };
}
