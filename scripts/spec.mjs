// Runs the specs with node's own runner (Node 20 takes no globs, so the files are listed here).
// Usage: node scripts/spec.mjs [part of a path ...]
// Ends with the line `N passed, N failed`; with SPEC_TOTALS=file the counts go into that file instead, as `N N`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

const LONGEST_TEST_MS = 120_000;
const LONGEST_RUN_MS = 900_000;

const wanted = process.argv.slice(2);
const files = readdirSync('spec', { recursive: true })
  .map((file) => `spec/${file}`)
  .filter((file) => file.endsWith('-spec.ts'))
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .sort();
if (files.length === 0) {
  console.error(`no spec file has ${wanted.join(' or ')} in its path`);
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'elpis-spec-'));
const countsFile = join(folder, 'counts.json');
const started = performance.now();
const { status, signal } = spawnSync(
  process.execPath,
  [
    ...['--import', 'tsx', '--test', '--test-reporter', './scripts/reporter.mjs'],
    `--test-timeout=${LONGEST_TEST_MS}`,
    `--test-concurrency=${availableParallelism()}`,
    ...files,
  ],
  {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, SPEC_COUNTS: countsFile },
    timeout: LONGEST_RUN_MS,
    killSignal: 'SIGKILL',
  },
);

let counts = { passed: 0, failed: 0, skipped: 0 };
try {
  counts = JSON.parse(readFileSync(countsFile, 'utf8'));
} catch {
  console.error(`the specs ended without counts (${signal ?? `exit code ${status}`})`);
}
rmSync(folder, { recursive: true, force: true });
if (status !== 0 && counts.failed === 0) {
  console.error('✖ a spec file failed outside of its tests, such as by an exception after the last one');
  counts.failed = 1;
}

const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(`\n${files.length} spec files took ${seconds} s`);
if (counts.skipped > 0) console.log(`${counts.skipped} skipped`);
if (process.env.SPEC_TOTALS === undefined) console.log(`${counts.passed} passed, ${counts.failed} failed`);
else writeFileSync(process.env.SPEC_TOTALS, `${counts.passed} ${counts.failed}\n`);
process.exit(counts.failed > 0 ? 1 : 0);
