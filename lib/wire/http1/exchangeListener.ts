/** Receives the events of a connection about its request. */
export interface ExchangeListener {
  /** The connection is open and can carry a request. Called once per connection, on the listener that opened it. */
  opened(): void;
  /** The operating system has taken the whole request. Called only when the connection times its requests. */
  written(): void;
  /** The first bytes of the response arrived; `complete` follows at once when they are the whole response. */
  firstBytes(): void;
  /** The status is known and the body has not arrived. */
  responded(): void;
  /** The response is complete. `reusable` when the connection can carry another request. */
  complete(reusable: boolean): void;
  /** The connection could not be opened, or it broke, or the bytes received are not HTTP. The connection is closed. */
  failed(error: unknown): void;
}
