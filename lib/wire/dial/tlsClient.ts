import { createRequire } from 'node:module';
import { isIP } from 'node:net';
import type * as tls from 'node:tls';
import { defined } from '../../core/defined.js';
import type { Origin } from './origin.js';

/** What TLS connections of a gun offer and check. */
export interface TlsOptions {
  /** The protocols that are offered by ALPN, the preferred one first. */
  readonly alpn: readonly string[];
  /** Refuse a certificate that is not trusted, or that is for another name. */
  readonly verify: boolean;
  /** The name that is sent as SNI and that a verified certificate must have. Empty: the host of the origin. */
  readonly serverName: string;
}

/** The certificates and settings of OpenSSL; what is absent is the default of Node. */
export type TlsMaterial = Pick<
  tls.SecureContextOptions,
  'ca' | 'cert' | 'key' | 'passphrase' | 'minVersion' | 'ciphers'
>;

const load = createRequire(import.meta.url);
/** `node:tls`, loaded with the first connection that needs it. */
export const loadTls = (): typeof tls => load('node:tls') as typeof tls;

/** Makes OpenSSL's context. @throws Error of OpenSSL for a certificate, key or cipher list that it cannot use. */
export function secureContext(material: TlsMaterial): tls.SecureContext {
  return loadTls().createSecureContext(material);
}

/** The client side of TLS for all connections of a gun. */
export class TlsClient {
  readonly #options: TlsOptions;
  readonly #material: () => TlsMaterial;
  #context: tls.SecureContext | undefined;

  /** @param material Called once, before the first connection. Default: no certificates of its own. */
  constructor(options: TlsOptions, material: () => TlsMaterial = () => ({})) {
    this.#options = options;
    this.#material = material;
  }

  /** Reads the certificates now. @throws What `material` throws, or an error of OpenSSL. */
  prepare(): tls.SecureContext {
    this.#context ??= secureContext(this.#material());
    return this.#context;
  }

  /** The options of `tls.connect` for one connection to an origin, without its address. */
  to({ host, session }: Origin): tls.ConnectionOptions {
    const { alpn, verify, serverName } = this.#options;
    const name = serverName === '' ? host : serverName;
    return {
      secureContext: this.prepare(),
      rejectUnauthorized: verify,
      ALPNProtocols: [...alpn],
      // The connection may go to another address than the name has, so Node must not compare with that.
      ...(verify ? { checkServerIdentity: (_address, peer) => loadTls().checkServerIdentity(name, peer) } : {}),
      ...(isIP(name) === 0 ? { servername: name } : {}),
      ...defined({ session }),
    };
  }
}

/** TLS as Pandora speaks it: any certificate is accepted, and HTTP/1.1 is offered. */
export function anyCertificate(alpn: TlsOptions['alpn'] = ['http/1.1']): TlsClient {
  return new TlsClient({ alpn, verify: false, serverName: '' });
}
