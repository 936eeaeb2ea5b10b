import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { isLeft } from 'fp-ts/lib/Either.js';
import type { Issue } from '../../../../lib/codec/issue.js';
import { convertFile } from '../../../../lib/scenario/files/convert/convertFile.js';
import { type FileScenarios, fileScenarios } from '../../../../lib/scenario/files/fileScenarios.js';
import type { HttpScenarioFile } from '../../../../lib/scenario/files/model.js';
import { parseItem } from '../../../../lib/scenario/files/requestList.js';
import { elpis } from '../../cli/inProcess.js';

const page = readFileSync('docs/SCENARIO-FILES.md', 'utf8');

/** The blocks of the page that are fenced so. */
function blocks(fence: string): readonly string[] {
  const found = [...page.matchAll(new RegExp(`^\`\`\`${fence}\\n([\\s\\S]*?)^\`\`\``, 'gm'))];
  assert.ok(found.length > 0, `the page has no block ${fence}`);
  return found.map(([, text = '']) => text);
}

const block = (fence: string): string => blocks(fence)[0] as string;

describe('docs/SCENARIO-FILES.md', () => {
  const folder = mkdtempSync(join(tmpdir(), 'elpis-page-'));
  after(() => rmSync(folder, { recursive: true }));
  const put = (name: string, text: string): string => {
    const path = join(folder, name);
    // The page has paths relative to the working directory.
    const absolute = text.replaceAll(
      /(?:\.\/)?((?:users|goods|shop|orders|phout)\.(?:csv|json|hcl|log))/g,
      `${folder}/$1`,
    );
    writeFileSync(path, absolute);
    return path;
  };
  put('users.csv', 'number,who\n1,ann\n2,bob\n');
  put('goods.json', '[{"id": 7}, {"id": 8}]');
  const read = (name: string, text: string, env = {}): FileScenarios<HttpScenarioFile> => {
    const made = fileScenarios(put(name, text), 'http', { env, readFile: () => '' }, {});
    if (isLeft(made)) throw new Error(JSON.stringify(made.left));
    return made.right;
  };

  it('its parts are one file, the same in HCL and in YAML, without a warning', () => {
    const hcl = read('shop.hcl', blocks('hcl').join('\n'));
    const yaml = read('shop.yaml', block('yaml shop'));
    assert.deepEqual(
      [...hcl.warnings, ...yaml.warnings].map(({ message }) => message),
      [],
    );
    assert.deepEqual({ ...hcl.file, source: 0 }, { ...yaml.file, source: 0 });
  });

  it('its config passes the check, and rehearses request by request', async () => {
    put('shop.hcl', blocks('hcl').join('\n'));
    const config = put('load.yaml', block('yaml config'));
    const checked = await elpis(['check', '--json', config]);
    assert.deepEqual((JSON.parse(checked.stdout) as { readonly issues: readonly Issue[] }).issues, []);
    // The model of a target responds without a body, so the assertion of login fails.
    const { stdout } = await elpis(['rehearse', config, '--target', 'constant(5ms)', '--json']);
    assert.match(stdout, /buy\.login\|__EMPTY__/);
  });

  it('its config of gRPC passes the check', async () => {
    put('orders.hcl', block('hcl grpc'));
    const checked = await elpis(['check', '--json', put('grpc.yaml', block('yaml grpc-config'))]);
    assert.deepEqual((JSON.parse(checked.stdout) as { readonly issues: readonly Issue[] }).issues, []);
  });

  it('its table of items is what they mean', () => {
    const rows = [...page.matchAll(/^\| `(\w+\([^`]*\)|goods)` \|/gm)].map(([, item = '']) => parseItem(item));
    assert.deepEqual(
      rows.map((item) => (isLeft(item) ? item.left.expected : `${item.right.count} ${item.right.sleepMs}`)),
      ['1 0', '3 0', '3 50', '1 50', '0 0', '100 0'],
    );
  });

  it('its locals and its environment are as it says', () => {
    const pages = read('pages.hcl', block('hcl locals')).file;
    assert.deepEqual([pages.steps[0]?.uri, pages.steps[0]?.headers], ['/news', { Accept: 'application/json; q=1' }]);
    assert.deepEqual(
      pages.scenarios[0]?.runs.map(({ count }) => count),
      [2, 2],
    );
    const home = read('home.hcl', block('hcl environment'), { TOKEN: 'secret' }).file;
    assert.deepEqual(home.steps[0]?.headers, { Authorization: 'Bearer secret' });
  });

  it('its converted module is what convert prints', () => {
    const { code, unconverted } = convertFile(read('visit.hcl', block('hcl convert')).file, 'shop.hcl');
    assert.deepEqual(unconverted, []);
    assert.equal(code, block('ts'));
  });
});
