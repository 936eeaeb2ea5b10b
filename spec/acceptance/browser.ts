import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** The browser of the system. */
function executable(): string {
  for (const folder of (process.env.PATH ?? '').split(delimiter))
    for (const name of NAMES) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not in this folder.
      }
    }
  throw new Error(`no browser in PATH: install one of ${NAMES.join(', ')}`);
}

/** A page, and everything that it complained about or asked for. */
export interface Watched {
  readonly page: Page;
  /** Errors and warnings of the console, exceptions, and violations of the content security policy. */
  readonly complaints: readonly string[];
  /** The addresses of all requests. */
  readonly requests: readonly string[];
}

/** A real browser for the specs of one file. */
export class RealBrowser {
  readonly #browser: Promise<Browser>;

  constructor() {
    this.#browser = chromium.launch({ executablePath: executable(), args: ['--no-sandbox', '--disable-gpu'] });
  }

  async open(url: string, options: BrowserContextOptions = {}): Promise<Watched> {
    const context = await (await this.#browser).newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => {
      if (message.type() !== 'log') complaints.push(`${message.type()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`));
    page.on('request', (request) => requests.push(request.url()));
    page.setDefaultTimeout(20_000);
    await page.goto(url);
    return { page, complaints, requests };
  }

  async close(): Promise<void> {
    await (await this.#browser).close();
  }
}

/** The result of a script in a page. A text, because the scripts of specs have no types of a browser. */
export function scriptIn<T>(page: Page, script: string): Promise<T> {
  return page.evaluate(script) as Promise<T>;
}

/** Waits until a page shows something. The policy of our pages forbids what Playwright has for that. */
export async function eventually(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await isSo()) return;
    await delay(100);
  }
  throw new Error(`not after 20 s: ${what}`);
}

/** The texts of all rows of the tables, by the captions of the tables. */
export function tablesOf(page: Page): Promise<Record<string, readonly string[]>> {
  return scriptIn(
    page,
    `Object.fromEntries([...document.querySelectorAll('table')].filter(({ caption }) => caption).map((table) => [
      table.caption.textContent,
      [...table.rows].map((row) => [...row.cells].map((cell) => cell.textContent.trim()).join(' | ')),
    ]))`,
  );
}

/** The colours that a page shows: its theme and its background. */
export function coloursOf(page: Page): Promise<readonly [theme: string, background: string]> {
  return scriptIn(page, '[document.documentElement.dataset.theme, getComputedStyle(document.body).backgroundColor]');
}

/** Everything that a page shows of a run, as text: what it says, the sentences and the legends of its charts, its figures and its tables. */
export function contentOf(
  page: Page,
): Promise<{ readonly text: string; readonly charts: readonly string[]; readonly legends: readonly string[] }> {
  return scriptIn(
    page,
    `({
      text: [...document.querySelectorAll('main > *')].filter((part) => !part.matches('.controls')).map((part) => part.innerText).join('\\n'),
      charts: [...document.querySelectorAll('.plot')].map((plot) => plot.getAttribute('aria-label')),
      legends: [...document.querySelectorAll('.u-legend .u-label')].map((label) => label.textContent),
    })`,
  );
}
