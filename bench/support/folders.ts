import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** The checkout. */
export const ROOT = join(import.meta.dirname, '..', '..');
/** Where peers are installed; not in git. */
export const PEERS = join(ROOT, 'bench', '.peers');
/** Files of the bench that can be made again: responses, certificates, ammo, logs; not in git. */
export const CACHE = join(ROOT, 'bench', '.cache');
/** The built command line. */
export const ELPIS = join(ROOT, 'dist', 'lib', 'cli', 'bin.js');
/** The built library. */
export const LIBRARY = join(ROOT, 'dist', 'lib', 'index.js');

mkdirSync(CACHE, { recursive: true });
