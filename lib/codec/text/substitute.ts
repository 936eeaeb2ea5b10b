import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { describeError } from '../../core/errorContext.js';
import { type CodecIssue, codecIssue } from '../issue.js';
import { Reference } from '../reference.js';
import { pathOf, pathText } from '../report/path.js';
import { isMap } from '../struct.js';

/** True for the key that selects a component: `type` in any case. Its value is taken as written. */
export function isTypeKey(key: string): boolean {
  return key.toLowerCase() === 'type';
}

/** The largest depth of nested maps and lists in a config. */
export const MAX_DEPTH = 100;

/** The sources of the values of `${...}` references. */
export interface ReferenceSource {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The text of a properties file, by a path relative to the working directory. Throws when it cannot be read. */
  readonly readFile: (path: string) => string;
  /** Receives what references use: the names of variables, and the paths of properties files. Default: it is not recorded. */
  readonly used?: { readonly env: Set<string>; readonly files: Set<string> };
}

/** Why a reference has no value. */
interface BadReference {
  readonly expected: string;
  readonly hint: string;
}

function property(name: string, source: ReferenceSource): Either<BadReference, string> {
  const hash = name.indexOf('#');
  if (hash < 0) return left({ expected: 'a file and a key', hint: 'write ${property:path#key}' });
  const [path, key] = [name.slice(0, hash), name.slice(hash + 1)];
  let lines: readonly string[];
  source.used?.files.add(path);
  try {
    lines = source.readFile(path).split(/\r?\n/);
  } catch (error) {
    const missing = (Object(error) as { readonly code?: unknown }).code === 'ENOENT';
    const reason = missing ? 'there is no such file' : describeError(error);
    return left({ expected: `a properties file at ${path}`, hint: reason });
  }
  const line = lines.find((candidate) => candidate.startsWith(`${key}=`) && !key.includes('='));
  return line === undefined
    ? left({ expected: `the key ${key} in ${path}`, hint: `add a line ${key}=value` })
    : right(line.slice(key.length + 1));
}

function environment(name: string, { env, used }: ReferenceSource): Either<BadReference, string> {
  used?.env.add(name);
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  return value === undefined
    ? left({ expected: `the environment variable ${name}`, hint: 'it is not set' })
    : right(value);
}

/** The value of one reference, or undefined for an unknown prefix: such text stays unchanged. */
function resolveReference(
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

const REFERENCE = /\$\{(?:([^}:]+):)?([^{}]+)\}/g;
const ONLY = /^\$\{(?:[^}:]+:)?[^{}]+\}$/;

/** Text after its references were replaced. */
export interface SubstitutedText {
  /** A {@link Reference} when the text consists of one reference. */
  readonly value: string | Reference;
  /** The values of the references. */
  readonly resolved: readonly string[];
  /** The references that have a value, as written, in the same order. */
  readonly written: readonly string[];
  readonly bad: readonly BadReference[];
}

/**
 * Replaces `${NAME}`, `${env:NAME}` and `${property:path#key}` in a text. The prefix ends at the first colon; blanks
 * around prefix and name are ignored. Text with another prefix stays unchanged, and values are not searched again.
 */
function substituteText(text: string, source: ReferenceSource): SubstitutedText {
  const resolved: string[] = [];
  const written: string[] = [];
  const bad: BadReference[] = [];
  const value = text.replaceAll(REFERENCE, (whole, prefix: string | undefined, name: string) => {
    const result = resolveReference(prefix?.trim(), name.trim(), source);
    if (result === undefined) return whole;
    if (isLeft(result)) {
      bad.push(result.left);
      return whole;
    }
    resolved.push(result.right);
    written.push(whole);
    return result.right;
  });
  const wholly = resolved.length === 1 && ONLY.test(text);
  return { value: wholly ? new Reference(value, text) : value, resolved, written, bad };
}

/** A key whose value is a secret. */
const SECRET_KEY = /^pass(?:word|phrase)$/i;
/** A header whose value is a secret. */
const SECRET_HEADER = /^\s*\[\s*(?:proxy-)?authorization\s*:\s*(.*?)\s*\]\s*$/i;

/** The secret that a text holds by its key or by its form. */
function secretOf(key: string, text: string): string | undefined {
  return SECRET_KEY.test(key) ? text : SECRET_HEADER.exec(text)?.[1];
}

/** A config after its references were replaced. */
export interface Substitution {
  readonly value: unknown;
  /** References that have no value. */
  readonly issues: readonly CodecIssue[];
  /** By path, the values of the references in that text. */
  readonly resolved: ReadonlyMap<string, readonly string[]>;
  /** By value of a reference, one reference with that value, as written; by password in the config, `***`. */
  readonly secrets: ReadonlyMap<string, string>;
}

/**
 * Replaces `${...}` references in every text of a config, but not in keys and not in the value of `type`. A value that
 * contains itself, which is possible with YAML anchors, is an issue.
 *
 * @param isOfCode True for a map that is a value of code, which stays unchanged.
 */
export function substitute(
  root: unknown,
  source: ReferenceSource,
  isOfCode: (value: Readonly<Record<string, unknown>>) => boolean = () => false,
): Substitution {
  const issues: CodecIssue[] = [];
  const resolved = new Map<string, readonly string[]>();
  const secrets = new Map<string, string>();

  const replaceText = (text: string, context: t.Context): unknown => {
    const result = substituteText(text, source);
    for (const { expected, hint } of result.bad)
      issues.push(codecIssue(text, context, 'bad-reference', expected, hint));
    for (const [i, secret] of result.resolved.entries()) secrets.set(secret, result.written[i] as string);
    const secret = secretOf(context.at(-1)?.key ?? '', text);
    if (result.resolved.length > 0) resolved.set(pathText(pathOf(context)), result.resolved);
    else if (secret !== undefined) secrets.set(secret, '***');
    return result.value;
  };
  const replace = (value: unknown, context: t.Context): unknown => {
    const inside = (key: string, child: unknown): unknown =>
      replace(child, t.appendContext(context, key, t.unknown, child));
    if (typeof value === 'string') return replaceText(value, context);
    if (typeof value === 'object' && context.slice(0, -1).some(({ actual }) => actual === value && value !== null)) {
      issues.push(codecIssue(undefined, context, 'bad-value', 'a value that does not contain itself'));
      return undefined;
    }
    if (context.length > MAX_DEPTH + 1 && typeof value === 'object' && value !== null) {
      issues.push(codecIssue(undefined, context, 'bad-value', `maps and lists nested at most ${MAX_DEPTH} deep`));
      return undefined;
    }
    if (Array.isArray(value)) return value.map((item: unknown, i) => inside(String(i), item));
    // A value of code stays unchanged.
    if (!isMap(value) || isOfCode(value)) return value;
    const entries = Object.entries(value);
    return Object.fromEntries(entries.map(([key, child]) => [key, isTypeKey(key) ? child : inside(key, child)]));
  };
  return { value: replace(root, [{ key: '', type: t.unknown, actual: root }]), issues, resolved, secrets };
}
