// Runs the specs with node's own runner (Node 20 takes no globs, so the files are listed here).
// Usage: node scripts/spec.mjs [part of a path ...]
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

const wanted = process.argv.slice(2);
const files = readdirSync('spec', { recursive: true })
  .map((file) => `spec/${file}`)
  .filter((file) => file.endsWith('-spec.ts'))
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .sort();
const result = spawnSync(process.execPath, ['--import', 'tsx', '--test', '--test-reporter', './scripts/reporter.mjs', ...files], {
  stdio: 'inherit',
});
process.exit(result.status ?? 1);
