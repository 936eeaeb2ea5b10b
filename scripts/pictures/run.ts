// Makes the pictures of docs/images from real runs against the bundled target: the screen on a terminal, the top of the report, and the top
// of the comparison with a second run, in which one page is slower. Needs tmux, Chromium, and what `npm run build` writes.
// Usage: npm run pictures
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { AnsiUp } from 'ansi_up';
import { RealBrowser } from '../../spec/acceptance/browser.js';
import { Bench, BIN } from '../../spec/acceptance/elpis.js';
import { Tmux } from '../../spec/acceptance/tmux.js';

const IMAGES = 'docs/images';
const TERMINAL = { columns: 112, rows: 36 };
/** The length of a run, and when the screen is taken. */
const RUN_MS = 60_000;
const SCREEN_AFTER_MS = 42_000;

const ammo = (searchMs: number): string => `
/ home
/jitter/5/20 home
/delay/${searchMs} search
/jitter/10/25 product
/jitter/30/60 cart
/jitter/1/9 pay
`;

/** A shop whose rate goes up and down again, and its API beside it. */
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
  - id: api
    gun: {type: http, target: "${address}"}
    ammo: {type: uri, uris: ["/jitter/10/20 login"]}
    result: {type: discard}
    rps: {type: const, ops: 30, duration: 60s}
    startup: {type: once, times: 5}
thresholds:
  - p99(response) < 250ms
  - errors < 1%
  - rate >= 0.98 x planned
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
  bench.write('ammo.uri', ammo(25));

  const tmux = new Tmux(bench.folder, TERMINAL);
  try {
    tmux.start('run load.yaml --record before.elp --report report.html');
    await delay(SCREEN_AFTER_MS);
    bench.write('screen.html', terminalPage(tmux.ansi));
    await tmux.shows(/code \d/);
    bench.write('ammo.uri', ammo(32));
    tmux.type('clear', 'Enter');
    tmux.start('run load.yaml --record after.elp --quiet');
    await delay(RUN_MS);
    await tmux.shows(/code \d/);
    tmux.type('clear', 'Enter');
    tmux.start("compare before.elp after.elp --report compare.html --fail-if 'p99 +10%'");
    await tmux.shows(/code \d/);
  } finally {
    tmux.close();
  }

  const pageOf = (name: string): string => pathToFileURL(join(bench.folder, name)).href;
  const screen = await browser.open(pageOf('screen.html'));
  writeFileSync(join(IMAGES, 'screen.png'), await screen.page.locator('pre').screenshot());
  for (const name of ['report', 'compare']) {
    const { page } = await browser.open(pageOf(`${name}.html`), { viewport: { width: 1200, height: 960 } });
    await page.locator('figure canvas').first().waitFor();
    writeFileSync(join(IMAGES, `${name}.png`), await page.screenshot());
  }
} finally {
  target.kill();
  await browser.close();
  bench.remove();
}
