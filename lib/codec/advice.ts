import * as t from 'io-ts';
import { type Codec, type CodecIssue, codecIssue } from './issue.js';
import { type Fields, foldKey, isMap } from './struct.js';

/** Returns a sentence about an accepted raw value that is probably not intended. */
export type Advise = (raw: unknown) => string | undefined;

/** A codec that also has advice about values that it accepts. */
export interface Advised {
  readonly advise?: Advise | undefined;
}

/** Adds advice about accepted values to a codec. It becomes a warning, not an error. */
export function advised<A, W>(codec: Codec<A, W>, advise: Advise | undefined): Codec<A, W> {
  return advise === undefined ? codec : Object.assign(codec, { advise });
}

/** The warning that a value is accepted but probably not intended; `message` is the reason. */
export function unlikely(value: unknown, context: t.Context, expected: string, message: string): CodecIssue {
  return { ...codecIssue(value, context, 'unlikely', expected), severity: 'warning', message };
}

/** The largest number of items of one list that get warnings; further items probably have the same ones. */
const MAX_WARNINGS = 20;

/** The advice of a codec and of the codecs of its keys about an accepted raw value, as warnings. */
export function adviceFor(
  codec: t.Decoder<unknown, unknown> & { readonly name?: string },
  raw: unknown,
  context: t.Context,
): readonly CodecIssue[] {
  const message = (codec as Advised).advise?.(raw);
  const own = message === undefined ? [] : [unlikely(raw, context, codec.name ?? 'another value', message)];
  const { fields, item } = codec as { readonly fields?: Fields; readonly item?: t.Mixed };
  if (item !== undefined && Array.isArray(raw)) {
    const each = raw.flatMap((value: unknown, i) =>
      adviceFor(item, value, t.appendContext(context, String(i), item, value)),
    );
    return [...own, ...each.slice(0, MAX_WARNINGS)];
  }
  if (fields === undefined || !isMap(raw)) return own;
  const byFolded = new Map(Object.entries(fields).map(([property, field]) => [foldKey(property), field.codec]));
  const nested = Object.entries(raw).flatMap(([key, value]) => {
    const at = byFolded.get(foldKey(key));
    return at === undefined ? [] : adviceFor(at, value, t.appendContext(context, key, at, value));
  });
  return [...own, ...nested];
}
