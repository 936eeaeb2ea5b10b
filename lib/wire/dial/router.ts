import type * as dns from 'node:dns';
import { createRequire } from 'node:module';
import { isIP, isIPv6, type LookupFunction, type TcpNetConnectOpts } from 'node:net';
import type { Origin } from './origin.js';

/** Resolves a name to all its addresses. */
export type LookupAll = (
  name: string,
  options: dns.LookupAllOptions,
  done: (error: NodeJS.ErrnoException | null, addresses: dns.LookupAddress[]) => void,
) => void;

/** The resolver of the system; loaded with the first connection that needs it. */
const systemLookup: LookupAll = (...call) => (createRequire(import.meta.url)('node:dns') as typeof dns).lookup(...call);

/** An address that replaces a name; without a port that of the origin is used. */
export interface ResolvedTo {
  readonly host: string;
  readonly port?: number;
}

/** Options of {@link Router}. */
export interface RouterOptions {
  /** The addresses that connections begin at, used in turn. Empty: the system chooses. */
  readonly localAddresses: readonly string[];
  /** Replaces names, by `host:port` or by `host`, in lower case. */
  readonly resolve: ReadonlyMap<string, ResolvedTo>;
  /** Uses all addresses of a name in turn, instead of always the first that accepts. */
  readonly roundRobin: boolean;
  /** How many turns are skipped before the first connection, so that threads do not all begin with the same address. */
  readonly offset: number;
  /** Addresses of origins with `remember`, by `host:port`. All guns of a run share it. */
  readonly names: Map<string, string>;
}

/** Routes every connection as the system does. */
export const systemRoutes = (): RouterOptions => ({
  localAddresses: [],
  resolve: new Map(),
  roundRobin: false,
  offset: 0,
  names: new Map(),
});

/** The two ends of a connection, as options of `net.connect`. */
export type Route = Pick<TcpNetConnectOpts, 'host' | 'port' | 'localAddress' | 'family' | 'lookup'>;

const keyOf = ({ host, port }: Origin): string => `${host.toLowerCase()}:${port}`;

/** Chooses the address of each connection at both ends. One for all connections of a gun. */
export class Router {
  readonly #options: RouterOptions;
  /** The addresses of names that are resolved once, in the order of their first look-up. */
  readonly #known = new Map<string, readonly dns.LookupAddress[]>();
  #local: number;
  #turn: number;

  /** @param lookup Resolves a name to all its addresses. Default: the resolver of the system. */
  constructor(
    options: RouterOptions,
    private readonly lookup: LookupAll = systemLookup,
  ) {
    this.#options = options;
    this.#local = options.offset;
    this.#turn = options.offset;
  }

  /** Records the address that accepted a connection, for all later ones, when the origin asks for that. The first one counts. */
  connected(origin: Origin, address: string): void {
    const { roundRobin, names } = this.#options;
    const key = keyOf(origin);
    if (!origin.remember || roundRobin || names.has(key) || isIP(this.#destination(origin).host) !== 0) return;
    names.set(key, address);
  }

  /** The ends of the next connection to an origin. */
  next(origin: Origin): Route {
    const { localAddresses, roundRobin } = this.#options;
    const { host, port = origin.port } = this.#destination(origin);
    const localAddress = localAddresses[this.#local++ % localAddresses.length];
    return {
      host,
      port,
      // A name is resolved to the family of the local address.
      ...(localAddress === undefined ? {} : { localAddress, family: isIPv6(localAddress) ? 6 : 4 }),
      ...(roundRobin && isIP(host) === 0 ? { lookup: this.#inTurn(origin.remember) } : {}),
    };
  }

  #destination(origin: Origin): ResolvedTo {
    const { resolve, names } = this.#options;
    const { host, remember } = origin;
    const known = remember ? names.get(keyOf(origin)) : undefined;
    if (known !== undefined) return { host: known };
    if (resolve.size === 0) return { host };
    const name = host.toLowerCase();
    return resolve.get(keyOf(origin)) ?? resolve.get(name) ?? { host };
  }

  /** A look-up that begins with another address each time. The others follow it, for `dualStack`. */
  #inTurn(once: boolean): LookupFunction {
    return (name, { family, all }, done) => {
      const rotate = (addresses: readonly dns.LookupAddress[]): void => {
        const usable = addresses.filter(({ family: of }) => (family !== 4 && family !== 6) || of === family);
        const first = this.#turn++ % Math.max(1, usable.length);
        const rotated = [...usable.slice(first), ...usable.slice(0, first)];
        const [next] = rotated;
        if (next === undefined) {
          const error = new Error(`${name} has no address of the family IPv${family}`);
          done(Object.assign(error, { code: 'ENODATA', syscall: 'getaddrinfo' }), []);
        } else if (all === true) done(null, rotated);
        else done(null, next.address, next.family);
      };
      const known = this.#known.get(name);
      if (known !== undefined) {
        rotate(known);
        return;
      }
      this.lookup(name, { all: true, verbatim: true }, (error, addresses) => {
        if (error !== null) {
          done(error, []);
          return;
        }
        // The order of a response is by chance; sorted, each response has the same turns.
        const sorted = [...addresses].sort((a, b) => a.family - b.family || (a.address < b.address ? -1 : 1));
        if (once && addresses.length > 0 && !this.#known.has(name)) this.#known.set(name, sorted);
        rotate(sorted);
      });
    };
  }
}
