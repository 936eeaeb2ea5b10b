import type { Codec } from '../../codec/codec.js';
import { scalar } from '../../codec/scalar.js';
import { Substituted } from '../../codec/substituted.js';
import type { Header } from './header.js';
import { parseHeaderLine } from './parseHeaderLine.js';

/** A header in the config: `"[Name: value]"`, brackets included. */
export const headerItem: Codec<Header> = scalar(
  { name: 'a header such as "[Name: value]"', schema: { type: 'string', pattern: '^\\s*\\[[^:]*:[\\s\\S]*\\]\\s*$' } },
  (raw) => {
    const line = raw instanceof Substituted ? raw.text : raw;
    if (Array.isArray(line)) return { code: 'wrong-type', hint: 'quote it: brackets make a list in YAML' };
    if (typeof line !== 'string') return { code: 'wrong-type' };
    const value = parseHeaderLine(line.trim());
    return value === undefined ? { code: 'bad-header', hint: 'brackets around it, a colon after the name' } : { value };
  },
);
