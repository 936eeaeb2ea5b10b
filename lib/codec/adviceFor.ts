import * as t from 'io-ts';
import type { Advised } from './advised.js';
import { foldKey } from './foldKey.js';
import { isMap } from './isMap.js';
import type { Fields } from './struct.js';

/** One thing that is accepted but probably not meant, and where. */
export interface Advice {
  readonly context: t.Context;
  readonly message: string;
}

/** What a codec and the codecs of its keys advise about a raw value that was accepted. */
export function adviceFor(codec: t.Mixed, raw: unknown, context: t.Context): readonly Advice[] {
  const message = (codec as Advised).advise?.(raw);
  const own = message === undefined ? [] : [{ context, message }];
  const { fields } = codec as { readonly fields?: Fields };
  if (fields === undefined || !isMap(raw)) return own;
  const byFolded = new Map(Object.entries(fields).map(([property, field]) => [foldKey(property), field.codec]));
  const nested = Object.entries(raw).flatMap(([key, value]) => {
    const at = byFolded.get(foldKey(key));
    return at === undefined ? [] : adviceFor(at, value, t.appendContext(context, key, at, value));
  });
  return [...own, ...nested];
}
