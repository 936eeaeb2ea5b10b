import { readFileSync } from 'node:fs';
import type { ConnectionOptions, NatsConnection } from '@nats-io/nats-core';
import { describeError } from '../../core/errorContext.js';
import { ElpisError } from '../../core/errors.js';
import type { Millis } from '../../core/units.js';
import type { ConnectOptions } from './connectOptions.js';

const CONNECT_MS: Millis = 5000;
/** The connection is tried again so often. */
const RECONNECT_MS: Millis = 250;

function readSecret(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ElpisError('ELPIS_MESH', `${what}: ${describeError(cause)}`, { cause });
  }
}

/** The login of a file of lines `user: ...`, `password: ...`, `token: ...`. */
function loginOf(text: string): Pick<ConnectionOptions, 'user' | 'pass' | 'token'> {
  const value = (key: string): string | undefined => new RegExp(`^${key}\\s*[:=]\\s*(.+?)\\s*$`, 'm').exec(text)?.[1];
  const [user, pass, token] = [value('user'), value('password'), value('token')];
  if (token !== undefined) return { token };
  if (user !== undefined && pass !== undefined) return { user, pass };
  throw new ElpisError('ELPIS_MESH', 'the file of credentials has neither a JWT, nor user and password, nor a token', {
    hint: 'write the lines user: NAME and password: SECRET, or use the .creds file of nsc',
  });
}

/**
 * Connects to NATS, and again after each interruption. Rejects with `ELPIS_MESH`, without secrets, when it cannot.
 *
 * @internal Its type is that of a package which is inside the bundles, so it has no declaration.
 */
export async function connectNats(options: ConnectOptions): Promise<NatsConnection> {
  const { connect, credsAuthenticator } = await import('@nats-io/transport-node');
  const { credentials, tls, servers, name } = options;
  const secret = credentials === undefined ? undefined : readSecret(credentials, 'the file of credentials');
  const isJwt = secret?.includes('BEGIN NATS USER JWT') === true;
  const read = (path: string | undefined, what: string): string | undefined =>
    path === undefined ? undefined : readSecret(path, what);
  const files = { ca: read(tls?.ca, 'tls.ca'), cert: read(tls?.cert, 'tls.cert'), key: read(tls?.key, 'tls.key') };
  const given = Object.fromEntries(Object.entries(files).filter(([, text]) => text !== undefined));
  try {
    return await connect({
      ...{ servers: [...servers], name, timeout: CONNECT_MS, reconnectTimeWait: RECONNECT_MS },
      ...{ maxReconnectAttempts: -1, pingInterval: 5000, maxPingOut: 2, ignoreAuthErrorAbort: false },
      ...(secret === undefined
        ? {}
        : isJwt
          ? { authenticator: credsAuthenticator(new TextEncoder().encode(secret)) }
          : loginOf(secret)),
      ...(tls === undefined && !servers.some((server) => server.startsWith('tls://')) ? {} : { tls: given }),
    });
  } catch (cause) {
    const where = servers.map((server) => server.replace(/\/\/[^@/]*@/, '//')).join(', ');
    throw new ElpisError('ELPIS_MESH', `no connection to NATS at ${where}: ${describeError(cause)}`, {
      cause,
      hint: 'start one with nats-server -js; check the address, the credentials and tls',
    });
  }
}
