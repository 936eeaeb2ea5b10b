/** The files of TLS. */
export interface TlsFiles {
  /** The certificates of the authorities that have signed that of the server. */
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** The address of NATS, and what a connection needs. Nothing of it is ever part of a message, a record or a log. */
export interface ConnectOptions {
  /** `nats://host:port` or `tls://host:port` each. */
  readonly servers: readonly string[];
  /** A file of credentials as `nsc` writes it (`.creds`), or one with `user` and `password`, or `token`, in lines of `key: value`. */
  readonly credentials?: string | undefined;
  readonly tls?: TlsFiles | undefined;
  /** The name of the connection in the monitoring of NATS. */
  readonly name: string;
}
