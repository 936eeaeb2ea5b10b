// Runs the specs in three lanes: the unit specs, as many processes at once as there are processors; beside them one process for
// spec/acceptance, whose specs mostly wait for processes of their own, and all of them when the unit specs have ended; last the files that
// need the machine for themselves, one after another. A process runs a group of files, since most of the time of a short file is the start
// of its process. A file says with a reason that it needs a process (`// Alone: `) or the machine (`// Timed: `).
// Usage: node scripts/spec.mjs [--repeat N] [part of a path ...]
// `--repeat 20` runs everything 20 times, or until the first failure: for specs of faults, in which a failure now and then is a defect.
// Ends with the line `N passed, N failed`; with SPEC_TOTALS=file the counts go into that file instead, as `N N`.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

/** How many files share a process. Those of spec/acceptance take long, so smaller groups spread them more evenly. */
const GROUP_SIZE = 16;
const ACCEPTANCE_GROUP_SIZE = 2;
/** A process must end this long after its last test. Until then the limits of its tests hold (see testLimits.mjs). */
const LONGEST_END_MS = Number(process.env.SPEC_LONGEST_END_MS ?? 10_000);
/** A process that reports nothing for this long is stopped: longer than any test or hook may take. */
const LONGEST_SILENCE_MS = 300_000;

const isAcceptance = (file) => file.startsWith('spec/acceptance/');
/** Whether a file has the mark at the begin of a line. */
const marked = (file, mark) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .some((line) => line.startsWith(`// ${mark}: `));
const isTimed = (file) => marked(file, 'Timed');

const args = process.argv.slice(2);
const repeated = args.indexOf('--repeat');
const [, times = '1'] = repeated === -1 ? [] : args.splice(repeated, 2);
const rounds = Number(times);
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error(`--repeat: expected a number from 1 on, got ${times}`);
  process.exit(2);
}
const wanted = args;
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

let processes = 0;

/** Runs files in one process. Resolves with their counts, their output, and what was wrong outside of their tests. */
function runTogether(group) {
  const countsFile = join(folder, `${processes++}.json`);
  const argv = [
    '--import',
    'tsx',
    '--import',
    './scripts/testLimits.mjs',
    '--test-reporter',
    './scripts/reporter.mjs',
    './scripts/specGroup.mjs',
    ...group,
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
      if (problem === undefined && status !== 0 && counts.failed === 0)
        problem = `failed outside of its tests (${signal ?? `exit code ${status}`}), such as by an exception after the last one`;
      resolve({ counts, output, problem });
    });
  });
}

/**
 * Runs a group and adds what it counted. When its process breaks, each file runs once more in a process of its own, to find which
 * of them it was. Resolves with the number of failures.
 */
async function runGroup(group) {
  const { counts, output, problem } = await runTogether(group);
  if (problem !== undefined && group.length > 1) {
    let failed = 0;
    for (const file of group) failed += await runGroup([file]);
    if (failed > 0) return failed;
    totals.failed++;
    console.log(`\n✖ ${group.join(', ')}: their process ${problem}; each of them alone is fine`);
    return 1;
  }
  const failed = counts.failed + (problem === undefined ? 0 : 1);
  process.stdout.write(output);
  if (problem !== undefined) console.log(`\n✖ ${group[0]} ${problem}`);
  totals.passed += counts.passed;
  totals.failed += failed;
  totals.skipped += counts.skipped;
  return failed;
}

/** The groups of a lane: files alone first, since most of them take long. */
function groupsOf(lane, size) {
  const alone = lane.filter((file) => marked(file, 'Alone'));
  const others = lane.filter((file) => !alone.includes(file));
  const groups = alone.map((file) => [file]);
  for (let at = 0; at < others.length; at += size) groups.push(others.slice(at, at + size));
  return groups;
}

/**
 * Runs groups, some at once, and adds what they counted. Each worker takes the groups of its own queue, and then those that are left in
 * the others.
 */
async function runQueues(queues, workersOfEach) {
  const work = async (own) => {
    for (const queue of [own, ...queues]) while (queue.length > 0) await runGroup(queue.shift());
  };
  const started = performance.now();
  await Promise.all(queues.flatMap((queue, i) => Array.from({ length: workersOfEach[i] }, () => work(queue))));
  return `${((performance.now() - started) / 1000).toFixed(1)} s`;
}

const untimed = files.filter((file) => !isTimed(file));

/** Runs all lanes once. Resolves with a line about them. */
async function runAll() {
  const [unit, acceptance] = [untimed.filter((file) => !isAcceptance(file)), untimed.filter(isAcceptance)];
  const timed = files.filter(isTimed);
  const cores = availableParallelism();
  const together = await runQueues(
    [groupsOf(unit, GROUP_SIZE), groupsOf(acceptance, ACCEPTANCE_GROUP_SIZE)],
    [cores, 1],
  );
  const apart = await runQueues([groupsOf(timed, 1)], [1]);
  return `${unit.length} unit and ${acceptance.length} acceptance files in ${together}; ${timed.length} timed in ${apart}`;
}

for (let round = 1; round <= rounds && totals.failed === 0; round++) {
  const line = await runAll();
  console.log(`\n${rounds > 1 ? `round ${round} of ${rounds}: ` : ''}${line}; ${processes} processes`);
}
rmSync(folder, { recursive: true, force: true });

if (totals.skipped > 0) console.log(`${totals.skipped} skipped`);
if (process.env.SPEC_TOTALS === undefined) console.log(`${totals.passed} passed, ${totals.failed} failed`);
else writeFileSync(process.env.SPEC_TOTALS, `${totals.passed} ${totals.failed}\n`);
process.exit(totals.failed > 0 ? 1 : 0);
