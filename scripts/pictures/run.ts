// Makes the pictures of docs/images from real runs of the quickstart's ammo against the bundled target: the screen on a terminal, and the top
// of the report. Needs tmux, Chromium, and what `npm run build` writes.
// Usage: npm run pictures
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { AnsiUp } from 'ansi_up';
import { RealBrowser } from '../../spec/acceptance/browser.js';
import { Bench, BIN } from '../../spec/acceptance/elpis.js';
import { Tmux } from '../../spec/acceptance/tmux.js';

const IMAGES = 'docs/images';
const TERMINAL = { columns: 112, rows: 34 };
/** The screen is taken so long after the start of a run of 60 s. */
const SCREEN_AFTER_MS = 42_000;
const THRESHOLDS = ['p99(response) < 250ms', 'errors < 20%'];

/** The load: up to 200 per second and down again, with the ammo of the quickstart. */
const config = (address: string): string => `
pools:
  - id: shop
    gun: {type: http, target: "${address}"}
    ammo: {type: uri, file: ./ammo.uri}
    result: {type: phout, destination: ./phout.log}
    rps:
      - {type: line, from: 20, to: 200, duration: 20s}
      - {type: const, ops: 200, duration: 30s}
      - {type: line, from: 200, to: 50, duration: 10s}
    startup: {type: once, times: 25}
thresholds: ${JSON.stringify(THRESHOLDS)}
`;

/** A page that shows what a terminal shows. */
function terminalPage(captured: string): string {
  const html = new AnsiUp().ansi_to_html(captured);
  return `<!doctype html><meta charset="utf-8"><style>
    body { margin: 0; background: #14161b; }
    pre { margin: 0; padding: 16px 18px; color: #d7dae0; font: 14px/1.2 "DejaVu Sans Mono", monospace; display: inline-block; }
  </style><pre>${html}</pre>`;
}

const bench = new Bench();
const browser = new RealBrowser();
const target = spawn(process.execPath, [BIN, 'target', '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
try {
  const [said] = (await once(target.stdout, 'data')) as [Buffer];
  const address = /http:\/\/(\S+)/.exec(said.toString())?.[1];
  if (address === undefined) throw new Error(`the target did not start: ${said}`);
  bench.write('load.yaml', config(address));
  copyFileSync('examples/http-quickstart/ammo.uri', join(bench.folder, 'ammo.uri'));

  const tmux = new Tmux(bench.folder, TERMINAL);
  let captured: string;
  try {
    tmux.start('run load.yaml --report report.html');
    await delay(SCREEN_AFTER_MS);
    captured = tmux.ansi;
    await tmux.shows(/code \d/);
  } finally {
    tmux.close();
  }
  bench.write('screen.html', terminalPage(captured));

  const pageOf = (name: string): string => pathToFileURL(join(bench.folder, name)).href;
  const screen = await browser.open(pageOf('screen.html'), { deviceScaleFactor: 1.5 });
  writeFileSync(join(IMAGES, 'screen.png'), await screen.page.locator('pre').screenshot());
  const report = await browser.open(pageOf('report.html'), { viewport: { width: 1200, height: 960 } });
  await report.page.locator('figure canvas').first().waitFor();
  writeFileSync(join(IMAGES, 'report.png'), await report.page.screenshot());
} finally {
  target.kill();
  await browser.close();
  bench.remove();
}
