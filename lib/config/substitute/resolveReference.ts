import { type Either, left, right } from 'fp-ts/lib/Either.js';
import type { ReferenceSource } from './referenceSource.js';

/** Why a reference has no value. */
export interface BadReference {
  readonly expected: string;
  readonly hint: string;
}

function property(name: string, source: ReferenceSource): Either<BadReference, string> {
  const hash = name.indexOf('#');
  if (hash < 0) return left({ expected: 'a file and a key', hint: 'write ${property:path#key}' });
  const [path, key] = [name.slice(0, hash), name.slice(hash + 1)];
  let lines: readonly string[];
  try {
    lines = source.readFile(path).split(/\r?\n/);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return left({ expected: `a properties file at ${path}`, hint: reason });
  }
  const line = lines.find((candidate) => candidate.startsWith(`${key}=`) && !key.includes('='));
  return line === undefined
    ? left({ expected: `the key ${key} in ${path}`, hint: `add a line ${key}=value` })
    : right(line.slice(key.length + 1));
}

function environment(name: string, { env }: ReferenceSource): Either<BadReference, string> {
  const value = env[name];
  return value === undefined
    ? left({ expected: `the environment variable ${name}`, hint: 'it is not set' })
    : right(value);
}

/** The value of one reference, or undefined for a prefix that is none of ours: such text stays as it is. */
export function resolveReference(
  prefix: string | undefined,
  name: string,
  source: ReferenceSource,
): Either<BadReference, string> | undefined {
  switch (prefix?.toLowerCase()) {
    case undefined:
    case 'env':
      return environment(name, source);
    case 'property':
      return property(name, source);
    default:
      return undefined;
  }
}
