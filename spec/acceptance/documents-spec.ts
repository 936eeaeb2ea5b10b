import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { fencedExamples } from '../house/examples/fencedExamples.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'elpis-documents-'));
after(() => rmSync(folder, { recursive: true }));

/** The folder of a reader: it has the package and RxJS, and nothing else. */
mkdirSync(join(folder, 'node_modules'));
symlinkSync(ROOT, join(folder, 'node_modules/elpis'));
symlinkSync(join(ROOT, 'node_modules/rxjs'), join(folder, 'node_modules/rxjs'));
writeFileSync(join(folder, 'package.json'), '{"type":"module"}');

function save(name: string, content: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

const tests: string[] = [];
const configs: string[] = [];

/** Saves the files of a reader: code under the name in its first line, without the test after it; tests with both. */
function saveExamples(document: string): void {
  const text = readFileSync(join(ROOT, 'docs', document), 'utf8');
  const guide = document.replace('.md', '');
  let soFar = '';
  fencedExamples(document, text.split('\n')).forEach(({ code, continues }, at) => {
    soFar = continues ? `${soFar}\n${code}` : code;
    const [, name] = /^\/\/ ([\w.]+\.ts)/.exec(soFar) ?? [];
    if (soFar.includes("from 'node:test'")) tests.push(save(`${guide}/test${at}.ts`, soFar));
    else if (name !== undefined) {
      const path = save(`${guide}/${name}`, soFar);
      if (soFar.includes('defineConfig') && !configs.includes(path)) configs.push(path);
    }
  });
  [...text.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].forEach(([, yaml = ''], at) => {
    if (/^pools:/m.test(yaml)) configs.push(save(`${guide}/config${at}.yaml`, yaml));
  });
}

const documents = readdirSync(join(ROOT, 'docs')).filter((file) => file.endsWith('.md'));
for (const document of documents) saveExamples(document);

/** All of it in one process: the tests are imported, and a test for each config is added. */
const everything = `
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { builtins, loadConfig } from 'elpis';
${tests.map((path) => `import ${JSON.stringify(path)};`).join('\n')}
for (const path of ${JSON.stringify(configs)})
  it(path + ' can be used', async () => {
    const loaded = await loadConfig(path, { registry: builtins(), env: process.env, stdin: process.stdin })();
    assert.equal(loaded._tag, 'Right', String(loaded.left?.message));
  });
`;

describe('the examples in docs/', () => {
  it('pass their own tests, and their configs are valid', () => {
    assert.ok(tests.length >= 8, `only ${tests.length} tests were found`);
    assert.ok(configs.length >= 8, `only ${configs.length} configs were found`);
    const tsx = join(ROOT, 'node_modules/tsx/dist/loader.mjs');
    // The variables by which node:test knows that it runs inside another test are removed for the reader's tests.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const args = ['--import', tsx, save('everything.ts', everything)];
    const ran = spawnSync(process.execPath, args, { cwd: folder, env, timeout: 60_000 });
    assert.equal(ran.status, 0, `${ran.stdout}${ran.stderr}`);
  });
});
