import type { Codec } from './codec.js';
import { listOf } from './listOf.js';
import { scalar } from './scalar.js';
import { Substituted } from './substituted.js';

/** One header: its name as written and its value, blanks trimmed. */
export interface Header {
  readonly name: string;
  readonly value: string;
}

const LINE = /^\[([^:]*):([\s\S]*)\]$/;

/** One header as Pandora's files write it: `[Name: value]`. The value may be empty. */
export const header: Codec<Header> = scalar<Header>(
  {
    name: 'header such as "[Accept: text/html]"',
    schema: { type: 'string', pattern: '^\\s*\\[[^:]+:[\\s\\S]*\\]\\s*$' },
  },
  (raw) => {
    const written = raw instanceof Substituted ? raw.text : raw;
    if (typeof written !== 'string') return { code: 'wrong-type' };
    const match = LINE.exec(written.trim());
    const [name = '', value = ''] = match?.slice(1).map((part) => part.trim()) ?? [];
    if (name !== '') return { value: { name, value } };
    return { code: 'bad-header', hint: 'brackets around, a name, a colon; quote it, or YAML reads a list' };
  },
);

/** A list of headers, each `"[Name: value]"`. */
export const headers: Codec<readonly Header[]> = listOf(header);
