// Runs the specs, each file in a process of its own, in two lanes: first the unit specs, as many files at once as there are processors;
// then spec/acceptance, whose programs run in real time, one file after another.
// Usage: node scripts/spec.mjs [part of a path ...]
// Ends with the line `N passed, N failed`; with SPEC_TOTALS=file the counts go into that file instead, as `N N`.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file must end this long after its last test. Until then the limits of its tests hold (see testLimits.mjs). */
const LONGEST_END_MS = Number(process.env.SPEC_LONGEST_END_MS ?? 10_000);
/** A file that reports nothing for this long is stopped: longer than any test or hook may take. */
const LONGEST_SILENCE_MS = 300_000;

const isAcceptance = (file) => file.startsWith('spec/acceptance/');

const wanted = process.argv.slice(2);
const files = readdirSync('spec', { recursive: true })
  .map((file) => `spec/${file.replaceAll('\\', '/')}`)
  .filter((file) => file.endsWith('-spec.ts'))
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .sort();
if (files.length === 0) {
  console.error(`no spec file has ${wanted.join(' or ')} in its path`);
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'elpis-spec-'));
const totals = { passed: 0, failed: 0, skipped: 0 };

/** Runs one file. Resolves with its counts, its output, and what was wrong with it outside of its tests. */
function runFile(file, countsFile) {
  const argv = [
    '--import',
    'tsx',
    '--import',
    './scripts/testLimits.mjs',
    '--test-reporter',
    './scripts/reporter.mjs',
    file,
  ];
  const child = spawn(process.execPath, argv, {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, SPEC_COUNTS: countsFile },
  });
  let output = '';
  let stopped;
  let timer;
  const stopAfter = (ms, why) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      stopped = why;
      child.kill('SIGKILL');
    }, ms);
  };
  let counts = { passed: 0, failed: 0, skipped: 0 };
  const silent = (where) => `${where}, then nothing for ${LONGEST_SILENCE_MS / 1000} s`;
  stopAfter(LONGEST_SILENCE_MS, silent('was started'));
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk;
    });
  // The reporter says where it is: see reporter.mjs.
  child.on('message', (message) => {
    counts = message.counts;
    if (message.running === 0) stopAfter(LONGEST_END_MS, `runs on ${LONGEST_END_MS / 1000} s after its last test`);
    else stopAfter(LONGEST_SILENCE_MS, silent(`got to "${message.name}"`));
  });
  return new Promise((resolve) => {
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      let problem = stopped;
      try {
        counts = JSON.parse(readFileSync(countsFile, 'utf8'));
      } catch {
        problem ??= `ended without counts (${signal ?? `exit code ${status}`})`;
      }
      if (problem === undefined && counts.passed + counts.failed + counts.skipped === 0) problem = 'holds no tests';
      if (problem === undefined && status !== 0 && counts.failed === 0)
        problem = `failed outside of its tests (${signal ?? `exit code ${status}`}), such as by an exception after the last one`;
      resolve({ counts, output, problem });
    });
  });
}

/** Runs the files of a lane, some at once, and adds what they counted. */
async function runLane(lane, atOnce) {
  const queue = lane.values();
  const work = async () => {
    for (const file of queue) {
      const { counts, output, problem } = await runFile(file, join(folder, `${files.indexOf(file)}.json`));
      process.stdout.write(output);
      if (problem !== undefined) console.log(`\n✖ ${file} ${problem}`);
      totals.passed += counts.passed;
      totals.failed += counts.failed + (problem === undefined ? 0 : 1);
      totals.skipped += counts.skipped;
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: atOnce }, work));
  return `${lane.length} files in ${((performance.now() - started) / 1000).toFixed(1)} s`;
}

const unit = await runLane(
  files.filter((file) => !isAcceptance(file)),
  availableParallelism(),
);
const acceptance = await runLane(files.filter(isAcceptance), 1);
rmSync(folder, { recursive: true, force: true });

console.log(`\nunit: ${unit}; acceptance: ${acceptance}`);
if (totals.skipped > 0) console.log(`${totals.skipped} skipped`);
if (process.env.SPEC_TOTALS === undefined) console.log(`${totals.passed} passed, ${totals.failed} failed`);
else writeFileSync(process.env.SPEC_TOTALS, `${totals.passed} ${totals.failed}\n`);
process.exit(totals.failed > 0 ? 1 : 0);
