import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Target } from '../../lib/target/target.js';
import { atTarget } from './atTarget.js';
import { config } from './config.js';
import { type Bench, BIN } from './elpis.js';
import { RECORD_LOADS } from './recordLoads.js';

const DIST = dirname(BIN);

/** The packages in a chunk, by its source map. */
function packagesIn(chunk: string): string[] {
  if (!existsSync(`${chunk}.map`)) return [];
  const { sources } = JSON.parse(readFileSync(`${chunk}.map`, 'utf8')) as { readonly sources: readonly string[] };
  return sources.flatMap((source) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? []);
}

/** Runs a command and returns the names of the modules that it loads. */
async function loadsOf(bench: Bench, args: readonly string[]): Promise<readonly string[]> {
  const preload = bench.write('noteLoads.mjs', RECORD_LOADS);
  bench.write('loads', '');
  const env = {
    LOADS: join(bench.folder, 'loads'),
    NODE_OPTIONS: `--import ${pathToFileURL(join(bench.folder, preload))}`,
  };
  const { code, stderr } = await bench.run(args, { env });
  assert.equal(code, 0, stderr);
  // The version of the run is read from its own package.
  return (bench.read('loads').match(/(?<= )\S+$/gm) ?? []).filter((name) => name !== 'elpis/package.json');
}

describe('a command loads', () => {
  let target: Target;
  let bench: Bench;
  atTarget((freshBench, freshTarget) => {
    bench = freshBench;
    target = freshTarget;
  });

  it('nothing of a run for its version', async () => {
    const loaded = await loadsOf(bench, ['--version']);
    const files = [...new Set(loaded.filter((name) => name.startsWith(pathToFileURL(DIST).href)))];
    const bytes = files.reduce((sum, url) => sum + statSync(fileURLToPath(url)).size, 0);
    assert.ok(files.length > 0 && bytes < 100_000, `${bytes} bytes: ${files}`);
  });

  it('only the libraries that the config of a run needs', async () => {
    const packages = async (text: string): Promise<readonly string[]> => {
      bench.write('load.yaml', text);
      const names = await loadsOf(bench, ['run', 'load.yaml', '-q']);
      const required = names.filter((name) => /^[@\w-]+(\/|$)/.test(name) && !isBuiltin(name));
      const imported = names.filter((name) => name.startsWith('file:'));
      return [...new Set([...required, ...imported.flatMap((url) => packagesIn(fileURLToPath(url)))])].sort();
    };
    const once = '{type: once, times: 1}';
    const always = ['commander', 'fp-ts', 'io-ts', 'ix', 'picocolors', 'rxjs', 'tslib', 'yaml'];
    const plain = config(`127.0.0.1:${target.port}`, { rps: once });
    assert.deepEqual(await packages(plain), always);
    const logging = await packages(config(`127.0.0.1:${target.port}`, { rps: once, extra: 'log: {file: run.log}' }));
    assert.ok(logging.includes('pino'), String(logging));
  });
});
