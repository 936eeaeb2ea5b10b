// npm run bench [-- [row ...] [--rounds N] [--seconds N] [--check] [--install]]
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { elpis } from './peers/elpis.js';
import { PEERS_KNOWN, versionOf } from './peers/peers.js';
import type { Bench } from './rows/row.js';
import { ROWS } from './rows/rows.js';
import { budgetsOf, keeps } from './support/budgets.js';
import { ELPIS, PEERS } from './support/folders.js';
import { keepResult, type Result } from './support/results.js';
import { type Nginx, startNginx } from './support/startNginx.js';
import { type Recorder, startRecorder } from './support/startRecorder.js';
import { writeReadme } from './support/writeReadme.js';

const SERVER_CORE = 1;

const say = (text: string): void => console.error(text);
const USAGE = `Usage: npm run bench -- [ROW ...] [options]
  --rounds N    how often everything is measured; the median counts (default 5)
  --seconds N   how long one measurement takes (default 4)
  --pairs WITH  only Elpis and WITH by turns, with the interval of the ratio and a sign test; WITH is a peer, or the
                folder of another built checkout; for the http rows, leaves README.md and results.json as they are
  --check       exit code 1 when a budget of budgets.json is missed
  --dry-run     leave README.md and results.json as they are
  --install     install the peers instead of measuring (as root)
Rows: ${ROWS.map(({ name }) => name).join(', ')}`;

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        rounds: { type: 'string', default: '5' },
        seconds: { type: 'string', default: '4' },
        pairs: { type: 'string' },
        check: { type: 'boolean', default: false },
        install: { type: 'boolean', default: false },
        'dry-run': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    say(`${(error as Error).message}\n${USAGE}`);
    process.exit(2);
  }
}
const { values, positionals } = readArguments();

function install(): void {
  mkdirSync(PEERS, { recursive: true });
  for (const peer of PEERS_KNOWN)
    for (const line of peer.install) {
      say(`${peer.name}: ${line.split('\n')[0]}`);
      try {
        execFileSync('bash', ['-c', line], { cwd: PEERS, stdio: ['ignore', 'ignore', 'pipe'], timeout: 900_000 });
      } catch (error) {
        say(
          `${peer.name} cannot be installed here: ${String((error as { stderr?: Buffer }).stderr ?? error).slice(-300)}`,
        );
        break;
      }
    }
}

async function main(): Promise<number> {
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  for (const name of ['rounds', 'seconds'] as const)
    if (!(Number(values[name]) > 0)) {
      say(`--${name} is ${JSON.stringify(values[name])}, expected a number above 0`);
      return 2;
    }
  if (values.install) {
    install();
    return 0;
  }
  if (!existsSync(ELPIS)) {
    say('The bench measures the built Elpis: npm run build');
    return 2;
  }
  const unknown = positionals.filter((name) => !ROWS.some((row) => row.name === name));
  if (unknown.length > 0) {
    say(`no row ${unknown.join(', ')}; there are ${ROWS.map(({ name }) => name).join(', ')}`);
    return 2;
  }
  const paired = positionals.length > 0 && positionals.every((name) => name.startsWith('http'));
  if (values.pairs !== undefined && !paired) {
    say('--pairs compares in the http rows: name one, such as npm run bench -- http --pairs wrk --rounds 20');
    return 2;
  }
  const found = PEERS_KNOWN.map((peer) => ({ peer, version: versionOf(peer) }));
  const skipped = found.filter(({ version }) => version === undefined).map(({ peer }) => peer.name);
  for (const name of skipped) say(`${name} is not installed: skipped (npm run bench -- --install)`);
  const own = elpis({ name: 'elpis' });
  const versions = Object.fromEntries([
    ['elpis', versionOf(own) ?? 'elpis'],
    ['node', `node ${process.version}`],
    ...found.flatMap(({ peer, version }) => (version === undefined ? [] : [[peer.name, version]])),
  ]) as Record<string, string>;

  let nginx: Promise<Nginx> | undefined;
  let recorder: Promise<Recorder> | undefined;
  const bench: Bench = {
    rounds: Number(values.rounds),
    seconds: Number(values.seconds),
    pair: values.pairs,
    peers: found.filter(({ version }) => version !== undefined).map(({ peer }) => peer),
    nginx: () => {
      nginx ??= startNginx(SERVER_CORE);
      return nginx;
    },
    recorder: () => {
      recorder ??= startRecorder(SERVER_CORE);
      return recorder;
    },
    say,
  };
  const [cpu] = cpus();
  const machine = `${availableParallelism()} cores of ${cpu?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, shared with other processes`;
  let missed = 0;
  try {
    for (const row of ROWS.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
      const figures = await row.run(bench);
      const about = { row: row.name, title: row.title, date: new Date().toISOString().slice(0, 10) };
      const { rounds, seconds } = bench;
      const result: Result = { ...about, rounds, seconds, machine, versions, skipped, figures };
      for (const { name, value, unit } of figures)
        console.log(`${row.name}: ${name} ${Number(value.toPrecision(4))} ${unit}`);
      for (const budget of budgetsOf(row.name)) {
        if (keeps(budget, result) !== false) continue;
        missed++;
        const limit = budget.atLeast === undefined ? `at most ${budget.atMost}` : `at least ${budget.atLeast}`;
        console.log(`${row.name}: MISSED ${budget.figure}: ${limit}`);
      }
      if (!values['dry-run'] && values.pairs === undefined) {
        keepResult(result);
        writeReadme();
      }
    }
  } finally {
    (await nginx?.catch(() => undefined))?.stop();
    (await recorder?.catch(() => undefined))?.stop();
  }
  return values.check && missed > 0 ? 1 : 0;
}

process.exitCode = await main();
