/** One place to connect to, with what has been learned about it. Shared by all clients of a gun. */
export interface Origin {
  /** Name or address, never empty. */
  readonly host: string;
  readonly port: number;
  readonly ssl: boolean;
  /** The IP address that answered, when it is to be used from then on; otherwise every connection resolves. */
  address?: string;
  /** True when `address` is to be learned from the first connection that succeeds. */
  readonly remember: boolean;
  /** TLS session of an earlier connection, to resume. */
  session?: Buffer;
}
