import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE } from '../support/folders.js';
import { median } from '../support/median.js';
import { runScript } from '../support/runScript.js';
import type { Row } from './row.js';

const LINES = 300_000;

function ammoFile(name: string, item: (index: number) => string): string {
  const file = join(CACHE, name);
  if (!existsSync(file)) writeFileSync(file, Array.from({ length: LINES }, (_, i) => item(i)).join(''));
  return file;
}

/** How fast ammo files are decoded, read again from the start when they are over. */
export const ammo: Row = {
  name: 'ammo',
  title: 'Decoding ammo from a file, per second of processor time',
  run: async ({ rounds, seconds, say }) => {
    const files = {
      uri: ammoFile('ammo.uri', (i) => `/shop/item/${i}?page=${i % 7} item\n`),
      httpJson: ammoFile(
        'ammo.jsonl',
        (i) =>
          `${JSON.stringify({ host: 'example.com', method: 'GET', uri: `/shop/item/${i}`, tag: 'item', headers: { Accept: '*/*', 'User-Agent': 'bench' } })}\n`,
      ),
      raw: ammoFile('ammo.raw', (i) => {
        const body = 'b'.repeat(1000);
        const head = `POST /shop/item/${i} HTTP/1.1\r\nHost: example.com\r\nUser-Agent: bench\r\nContent-Length: ${body.length}\r\n\r\n`;
        return `${head.length + body.length} item\n${head}${body}\n`;
      }),
    };
    const rates = { uri: [] as number[], httpJson: [] as number[], raw: [] as number[] };
    const kinds = ['uri', 'httpJson', 'raw'] as const;
    for (let round = 0; round < rounds; round++)
      for (const kind of kinds) {
        const { perSecond } = await runScript<{ perSecond: number }>('decodeAmmo', [kind, files[kind], seconds]);
        say(`ammo ${round + 1}/${rounds} ${kind} ${Math.round(perSecond)}/s`);
        rates[kind].push(perSecond);
      }
    const rawBytes = statSync(files.raw).size / LINES;
    return [
      { name: 'uri', value: median(rates.uri), unit: 'ammo/s' },
      { name: 'http/json lines', value: median(rates.httpJson), unit: 'ammo/s' },
      { name: 'raw', value: median(rates.raw), unit: 'ammo/s' },
      { name: 'raw bytes', value: (median(rates.raw) * rawBytes) / 1e6, unit: 'MB/s' },
    ];
  },
};

/** How fast samples become phout. */
export const phout: Row = {
  name: 'phout',
  title: 'Writing phout: samples encoded into a file, one core',
  run: async ({ rounds, seconds, say }) => {
    const rates: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const file = join(CACHE, 'encoded.phout');
      const { perSecond, dropped } = await runScript<{ perSecond: number; dropped: number }>('encodePhout', [
        file,
        seconds,
      ]);
      if (dropped > 0) throw new Error(`${dropped} samples were dropped`);
      say(`phout ${round + 1}/${rounds} ${Math.round(perSecond)}/s`);
      rates.push(perSecond);
    }
    return [{ name: 'samples', value: median(rates), unit: 'samples/s' }];
  },
};
