// npm run soak [-- options]: random inputs and faults for a given time, from a given seed. See CONTRIBUTING.md.
import { parseArgs } from 'node:util';
import { FUZZERS } from './fuzzers.js';
import { parseMillis, soak } from './soak.js';

const USAGE = `npm run soak -- [options] [name ...]
  --for <time>    how long, such as 30s, 5m or 1h; rounds that have begun end there. Default: 1m
  --rounds <n>    at most so many rounds; without --for as long as they take
  --seed <n>      the same seed tries the same inputs. Default: by the time
  --list          list the fuzzers
  name            only fuzzers whose name begins so, such as parser or processes/signals`;

const { values, positionals } = parseArgs({
  options: {
    for: { type: 'string' },
    rounds: { type: 'string' },
    seed: { type: 'string' },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
  allowPositionals: true,
});

function refuse(message: string): never {
  console.error(`${message}\n${USAGE}`);
  process.exit(2);
}

const forMs = parseMillis(values.for ?? (values.rounds === undefined ? '1m' : '24h'));
const rounds = Number(values.rounds ?? Number.MAX_SAFE_INTEGER);
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
if (forMs === undefined) refuse(`--for ${values.for}: expected a time such as 30s, 5m or 1h`);
if (!Number.isSafeInteger(rounds) || rounds < 1) refuse(`--rounds ${values.rounds}: expected a whole number above 0`);
if ((seed | 0) !== seed) refuse(`--seed ${values.seed}: expected a whole number of 32 bits`);
const unknown = positionals.find((part) => !FUZZERS.some(({ name }) => name.startsWith(part)));
if (unknown !== undefined)
  refuse(`no fuzzer is called ${unknown}; there are ${FUZZERS.map(({ name }) => name).join(', ')}`);

if (values.help) console.log(USAGE);
else if (values.list) for (const { name, holds } of FUZZERS) console.log(`${name.padEnd(20)} ${holds}`);
else process.exitCode = (await soak({ seed, rounds, forMs, only: positionals }, console.log)) ? 0 : 1;
