import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ElpisError } from '../core/errors.js';
import { pageHtml } from './model/pageHtml.js';

/** The built client: one script and one stylesheet, without any file besides them. */
export interface PageFiles {
  readonly script: string;
  readonly style: string;
}

/** Where the build puts the client, from the root of the package. */
const FOLDER = 'dist/page';

/**
 * Reads the client of this package.
 *
 * @throws ElpisError `ELPIS_INTERNAL` when it is not there: sources that were not built.
 */
export function readPageFiles(): PageFiles {
  const root = dirname(createRequire(import.meta.url).resolve('elpis/package.json'));
  const read = (name: string): string => readFileSync(join(root, FOLDER, name), 'utf8');
  try {
    return { script: read('page.js'), style: read('page.css') };
  } catch (cause) {
    const message = `the client of the page is not in ${FOLDER}`;
    throw new ElpisError('ELPIS_INTERNAL', message, { cause, hint: 'run npm run build' });
  }
}

/** Loaded when it is needed: a run without a page starts milliseconds earlier. */
const load = createRequire(import.meta.url);

function hashOf(text: string): string {
  const { createHash } = load('node:crypto') as typeof import('node:crypto');
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** The policy of a page: its own script and style by their hashes, its own server when it is live, and nothing else. */
export function contentPolicy({ script, style }: PageFiles, live: boolean): string {
  return [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    'img-src data:',
    `connect-src ${live ? "'self'" : "'none'"}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/**
 * The page as one HTML file.
 *
 * @param title Shown by the browser, as text.
 * @param data The compressed events of a run, in base64; undefined for a live page, which asks its server.
 */
export function pageDocument(files: PageFiles, title: string, data?: string): string {
  return pageHtml({ ...files, title, data, policy: contentPolicy(files, data === undefined) });
}
