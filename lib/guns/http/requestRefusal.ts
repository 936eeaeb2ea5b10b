import type { HttpRequest } from '../../protocols/httpRequest.js';

const TOKEN = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
const CONTROL_BUT_TAB = /[\0-\x08\x0a-\x1f\x7f]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
const CONTROL = /[\0-\x1f\x7f]/;
const CONTROL_OR_SPACE = /[\0-\x20\x7f]/;

/**
 * Why a request can't be put on the wire without changing its meaning (a line end in a header would start another one),
 * or an empty text when it can.
 */
export function requestRefusal(request: HttpRequest): string {
  if (request.missingBytes !== undefined)
    return `the body is ${request.missingBytes} bytes shorter than its Content-Length`;
  if (!TOKEN.test(request.method)) return `bad method ${JSON.stringify(request.method)}`;
  if (CONTROL.test(request.target)) return `control character in the target ${JSON.stringify(request.target)}`;
  if (CONTROL_OR_SPACE.test(request.host)) return `bad host ${JSON.stringify(request.host)}`;
  for (const [name, value] of request.headers) {
    if (!TOKEN.test(name)) return `bad header name ${JSON.stringify(name)}`;
    if (CONTROL_BUT_TAB.test(value)) return `control character in the value of the header ${name}`;
  }
  return '';
}
