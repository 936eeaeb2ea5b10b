import * as t from 'io-ts';
import { type Codec, type CodecIssue, codecIssue } from './issue.js';
import { type Fields, foldKey, isMap } from './struct.js';

/** Returns what is accepted about a raw value but probably not meant, in words. */
export type Advise = (raw: unknown) => string | undefined;

/** A codec that also has advice about values that it accepts. */
export interface Advised {
  readonly advise?: Advise | undefined;
}

/** Gives a codec advice about values that it accepts. It becomes a warning, never an error. */
export function advised<A, W>(codec: Codec<A, W>, advise: Advise | undefined): Codec<A, W> {
  return advise === undefined ? codec : Object.assign(codec, { advise });
}

/** The warning that a value is accepted but probably not meant; `message` says why. */
export function unlikely(value: unknown, context: t.Context, expected: string, message: string): CodecIssue {
  return { ...codecIssue(value, context, 'unlikely', expected), severity: 'warning', message };
}

/** So many items of a list are warned about; the rest of a long list is likely to be the same. */
const MOST_WARNINGS = 20;

/** What a codec and the codecs of its keys advise about a raw value that was accepted, as warnings. */
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
    return [...own, ...each.slice(0, MOST_WARNINGS)];
  }
  if (fields === undefined || !isMap(raw)) return own;
  const byFolded = new Map(Object.entries(fields).map(([property, field]) => [foldKey(property), field.codec]));
  const nested = Object.entries(raw).flatMap(([key, value]) => {
    const at = byFolded.get(foldKey(key));
    return at === undefined ? [] : adviceFor(at, value, t.appendContext(context, key, at, value));
  });
  return [...own, ...nested];
}
