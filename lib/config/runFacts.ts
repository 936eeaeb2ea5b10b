import { availableParallelism, cpus, totalmem } from 'node:os';
import { isMap } from '../codec/struct.js';
import { Redactor, withoutSecretHeaders } from '../core/redact.js';
import type { JudgingOptions } from '../engine/judgement.js';
import type { RunFacts } from '../engine/runEvent.js';
import { DEFAULT_VERDICT } from '../measure/verdict/limits.js';
import { madeInCode } from '../plugin/configured.js';
import type { Document } from './document.js';
import { version } from './version.js';

/** The largest number of characters of a config that is kept. */
const MAX_TEXT = 256 * 1024;

/** A key whose value is a secret, in the config itself. */
const SECRET_KEY =
  /passw|pwd|secret|token|credential|api-?_?key|private-?_?key|^(?:proxy-?_?)?authorization$|^cookie$/i;

/** The texts below keys whose names suggest secrets; each value is visited once, because aliases repeat it. */
function secretTexts(value: unknown, seen = new Set<unknown>(), secret = false): readonly string[] {
  // A text of several lines is indented in YAML, so each line is a secret.
  if (typeof value === 'string') return secret ? value.split(/\r?\n/).map((line) => line.trim()) : [];
  if (typeof value === 'number') return secret ? [String(value)] : [];
  if (typeof value !== 'object' || value === null || seen.has(value)) return [];
  seen.add(value);
  return Object.entries(value).flatMap(([key, child]) =>
    secretTexts(child, seen, secret || (!Array.isArray(value) && SECRET_KEY.test(key))),
  );
}

/** A text that stands for another one is not secret itself: `${env:PASSWORD}`, `{{.token}}`. */
const isReference = (text: string): boolean => /^(?:\$\{[^}]*\}|\{\{[^}]*\}\})$/.test(text);

/** The text of a config without secrets: values of references, of keys such as `password`, and of headers such as `Authorization`. */
function shownConfig({ text, written, redactor }: Document): string {
  const { whole, values } = text === undefined ? valueText(written) : { whole: text, values: written };
  const secrets = secretTexts(values).filter((secret) => secret !== '' && !isReference(secret));
  const hidden = new Redactor(secrets.map((secret) => [secret, '***'])).text(
    redactor.text(withoutSecretHeaders(whole)),
  );
  return hidden.length > MAX_TEXT ? `${hidden.slice(0, MAX_TEXT)}\n... cut: ${hidden.length} characters` : hidden;
}

/** A component by its name and options, as in a config; another value that JSON cannot have by a word. */
function jsonOf(value: unknown): unknown {
  const made = madeInCode(value);
  if (made !== undefined) return { type: made.name, ...(isMap(made.written) ? made.written : {}) };
  if (typeof value === 'function') return `(function ${value.name})`;
  if (typeof value === 'object' && value !== null && 'subscribe' in value) return '(a stream)';
  return typeof value === 'bigint' ? String(value) : value;
}

/** A config that was made in code: as JSON, and the values of that. */
function valueText(written: unknown): { readonly whole: string; readonly values: unknown } {
  try {
    const whole = JSON.stringify(written, (_key, value: unknown) => jsonOf(value), 2) ?? 'null';
    return { whole, values: JSON.parse(whole) };
  } catch {
    return { whole: '(a value that JSON cannot have)', values: null };
  }
}

function overridesText({ overrides = {}, redactor }: Document): readonly string[] {
  const { set = [], target, rateScale, durationMs } = overrides;
  const options = [
    ...(target === undefined ? [] : [`--target ${target}`]),
    ...(rateScale === undefined ? [] : [`--rate-scale ${rateScale}`]),
    ...(durationMs === undefined ? [] : [`--duration ${durationMs}ms`]),
    ...set.map((pair) => `--set ${SECRET_KEY.test(pair.split('=')[0] ?? '') ? pair.replace(/=.*/s, '=***') : pair}`),
  ];
  return options.map((option) => redactor.text(withoutSecretHeaders(option)));
}

/**
 * What a run states about itself.
 *
 * @param openFilesLimit `null` when it is not known.
 * @param judging How it is judged. Default: by the default limits.
 */
export function runFacts(
  document: Document,
  openFilesLimit: number | null,
  { verdict = DEFAULT_VERDICT, failOn = null }: JudgingOptions = {},
): RunFacts {
  return {
    config: {
      name: document.redactor.text(document.name),
      text: shownConfig(document),
      overrides: overridesText(document),
    },
    judging: { verdict, failOn },
    versions: { elpis: version(), node: process.versions.node },
    host: {
      platform: `${process.platform} ${process.arch}`,
      cpus: availableParallelism(),
      cpuModel: cpus()[0]?.model.trim() ?? '',
      memoryBytes: totalmem(),
      openFilesLimit,
    },
  };
}
