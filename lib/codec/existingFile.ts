import { existsSync, statSync } from 'node:fs';
import type { Codec } from './codec.js';
import { scalar } from './scalar.js';
import { Substituted } from './substituted.js';

/** The path of something that exists and can be read like a file: checked when the config is read. */
export const existingFile: Codec<string> = scalar(
  { name: 'the path of an existing file', schema: { type: 'string' } },
  (raw) => {
    const path = raw instanceof Substituted ? raw.text : raw;
    if (typeof path !== 'string') return { code: 'wrong-type' };
    if (!existsSync(path)) {
      return { code: 'missing-file', hint: 'a relative path starts at the working directory, not at the config' };
    }
    return statSync(path).isDirectory() ? { code: 'missing-file', hint: 'this is a directory' } : { value: path };
  },
);
