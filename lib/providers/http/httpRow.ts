import type { HttpRequest } from '../../protocols/httpRequest.js';

/** One decoded HTTP request. The request is shared by all passes, so that a gun can keep its encoded form. */
export interface HttpRow {
  readonly tag: string;
  readonly request: HttpRequest;
  /** Why it can't be sent; undefined when it can. */
  readonly problem: string | undefined;
}
