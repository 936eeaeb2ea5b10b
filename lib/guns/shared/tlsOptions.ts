import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IssueReason } from '../../codec/issue.js';
import { existingFile } from '../../codec/paths.js';
import { flag, oneOf, text } from '../../codec/scalars.js';
import { optional, refineStruct, type Struct, type StructOf, struct } from '../../codec/struct.js';
import { defined } from '../../core/defined.js';
import { describeError } from '../../core/errorContext.js';
import { ElpisError } from '../../core/errors.js';
import type { FileUse } from '../../plugin/traits.js';
import { secureContext, TlsClient, type TlsOptions } from '../../wire/dial/tlsClient.js';

const tlsKeys = {
  /** Refuse a certificate that is not trusted, has expired or is for another name. */
  verify: optional(flag, false, 'refuse a certificate that is not trusted, has expired or is for another name'),
  /** A file of the certificates to trust instead of those of Node, in PEM. */
  ca: optional(existingFile, '', 'a file of the certificates to trust instead of those of Node, in PEM'),
  /** The name to ask for (SNI) and to verify; empty = the host. */
  serverName: optional(text, '', 'the name to ask for (SNI) and to verify; empty = the host'),
  /** A file with the certificate of the client and its chain, in PEM. */
  cert: optional(existingFile, '', 'a file with the certificate of the client and its chain, in PEM'),
  /** A file with the key of that certificate, in PEM; empty = the same file. */
  key: optional(existingFile, '', 'a file with the key of that certificate, in PEM; empty = the same file'),
  /** Decrypts the key; use a reference such as ${TLS_PASSPHRASE}. */
  passphrase: optional(text, '', 'decrypts the key; use a reference such as ${TLS_PASSPHRASE}'),
  /** The oldest version of TLS; those before 1.2 also need ciphers such as DEFAULT@SECLEVEL=0. */
  minVersion: optional(
    oneOf(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']),
    'TLSv1.2',
    'the oldest version of TLS; those before 1.2 also need ciphers such as DEFAULT@SECLEVEL=0',
  ),
  /** Cipher suites as OpenSSL writes them, separated by colons; empty = those of Node. */
  ciphers: optional(text, '', 'cipher suites as OpenSSL writes them, separated by colons; empty = those of Node'),
} as const;

type TlsConfig = StructOf<typeof tlsKeys>;

/** What the certificates and settings of the options are for OpenSSL. @throws Error when a file cannot be read. */
function material({ ca, cert, key, passphrase, minVersion, ciphers }: TlsConfig) {
  const file = (path: string): Buffer | undefined => (path === '' ? undefined : readFileSync(path));
  const given = (value: string): string | undefined => (value === '' ? undefined : value);
  return {
    minVersion,
    ...defined({
      ca: file(ca),
      cert: file(cert),
      key: file(key === '' ? cert : key),
      passphrase: given(passphrase),
      ciphers: given(ciphers),
    }),
  };
}

/** What OpenSSL's errors mean here. */
const REASONS: readonly (readonly [pattern: RegExp, hint: string])[] = [
  [/key values mismatch|KEY_VALUES_MISMATCH|key type mismatch/i, 'the key does not belong to the certificate'],
  [
    /no start line|NO_START_LINE|DECODER routines::unsupported|PEM lib/i,
    'a file holds no certificate or no key in PEM',
  ],
  [/no cipher match|invalid command|no ciphers available/i, 'ciphers names no suite that OpenSSL knows'],
];

/**
 * Whether the key is encrypted and does not open with the passphrase. The error of a secure context does not say so always: with one wrong
 * passphrase in 256 the padding is right by chance, and OpenSSL reads the wrong bytes as a key.
 */
function isLocked({ key, passphrase }: ReturnType<typeof material>): boolean {
  if (key?.includes('ENCRYPTED') !== true) return false;
  try {
    createPrivateKey({ key, ...defined({ passphrase }) });
    return false;
  } catch {
    return true;
  }
}

function reasonOf(error: unknown): string {
  const told = describeError(error);
  return REASONS.find(([pattern]) => pattern.test(told))?.[1] ?? told;
}

function tlsIssue(config: TlsConfig): IssueReason | undefined {
  const { ca, cert, key, ciphers, minVersion } = config;
  if (key !== '' && cert === '') {
    return { code: 'bad-value', expected: 'a certificate (cert) for the key', hint: 'add cert, or remove key' };
  }
  if (ca === '' && cert === '' && ciphers === '' && minVersion === 'TLSv1.2') return undefined;
  let read: ReturnType<typeof material> | undefined;
  try {
    read = material(config);
    // OpenSSL trusts nothing, without an error, when a file holds no certificate.
    if (read.ca?.includes('-----BEGIN') === false) throw new Error('no start line');
    secureContext(read);
    return undefined;
  } catch (error) {
    return {
      code: 'bad-value',
      expected: 'certificates, a key and settings that OpenSSL can use',
      hint: read !== undefined && isLocked(read) ? 'the passphrase does not decrypt the key' : reasonOf(error),
    };
  }
}

/** Options of TLS connections. The files are read, and the key is compared with the certificate, when the config is checked. */
export const tlsConfig: Struct<typeof tlsKeys> = refineStruct(struct('tls', tlsKeys), tlsIssue);

/**
 * The TLS client of a gun. Its files are read with the first connection, or by `prepare`.
 *
 * @param alpn The protocols to offer, the preferred one first.
 */
export function tlsClient(config: TlsConfig, alpn: TlsOptions['alpn'] = ['http/1.1']): TlsClient {
  const { verify, serverName } = config;
  return new TlsClient({ alpn, verify, serverName }, () => {
    try {
      return material(config);
    } catch (error) {
      const message = `the certificates of the gun cannot be read: ${describeError(error)}`;
      throw new ElpisError('ELPIS_GUN', message, { cause: error, hint: 'check tls.ca, tls.cert and tls.key' });
    }
  });
}

/** The files that the options name. @param key Where the options stand in those of the gun. */
export function tlsFiles({ ca, cert, key }: TlsConfig, under = 'tls'): readonly FileUse[] {
  const files = { ca, cert, key };
  return Object.entries(files).flatMap(([name, path]) =>
    path === '' ? [] : [{ path, access: 'read', key: `${under}.${name}` } as const],
  );
}
