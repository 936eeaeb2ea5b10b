/** What a connection tells about the request that it carries. */
export interface ExchangeListener {
  /** The connection is open: it can carry a request. Told once per connection, by the one that opened it. */
  opened(): void;
  /** The operating system has taken the whole request. Told only when the connection times its requests. */
  written(): void;
  /** The first bytes of the response came; `complete` when the rest came with them. */
  firstBytes(): void;
  /** The status is known and the body is still to come. */
  answered(): void;
  /** The response is complete. `reusable` when the connection can carry another request. */
  complete(reusable: boolean): void;
  /** The connection could not be opened or broke, or what came is no HTTP. The connection is closed. */
  failed(error: unknown): void;
}
