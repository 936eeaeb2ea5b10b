import { parseUrl, type RequestUrl } from './parseUrl.js';

const TOKEN = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/;
const VERSION = /^HTTP\/(\d)\.(\d)$/;

/** The first line of a request. */
export interface RequestLine {
  readonly method: string;
  readonly url: RequestUrl;
  /** True for HTTP/1.1 and later. */
  readonly modern: boolean;
  /** True for a version before 1.0. */
  readonly ancient: boolean;
}

/** Reads `METHOD TARGET VERSION`, or says what is wrong with it. */
export function parseRequestLine(line: string): RequestLine | string {
  const parts = line.split(' ');
  const [method = '', target = '', ...rest] = parts;
  const version = VERSION.exec(rest.join(' '));
  if (parts.length < 3) return 'the first line is not METHOD TARGET VERSION';
  if (!TOKEN.test(method)) return `bad method ${JSON.stringify(method)}`;
  if (version === null)
    return 'the first line does not end in a version such as HTTP/1.1; a space in the target is %20';
  const authorityOnly = method === 'CONNECT' && !target.startsWith('/');
  const url = parseUrl(authorityOnly ? `http://${target}` : target, 'request-line');
  if (typeof url === 'string') return url;
  const [major, minor] = [Number(version[1]), Number(version[2])];
  return { method, url, modern: major > 1 || (major === 1 && minor >= 1), ancient: major < 1 };
}
