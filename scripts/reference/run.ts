// npm run reference: writes docs/reference from the components.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { referencePages } from './pages.js';

const FOLDER = join(process.cwd(), 'docs', 'reference');

mkdirSync(FOLDER, { recursive: true });
for (const [file, text] of referencePages()) writeFileSync(join(FOLDER, file), text);
