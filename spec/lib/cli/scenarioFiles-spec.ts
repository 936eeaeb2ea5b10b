import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { Issue } from '../../../lib/codec/issue.js';
import { elpis } from './inProcess.js';

const FILE = `request "home" {
  method  = "GET"
  uri     = "/"
  headers = {}
}
request "buy" {
  method  = "POST"
  uri     = "/buy"
  headers = {}
}
scenario "browse" {
  requests = ["home(2, 10)", "buy", "sleep(20)"]
  weight   = 2
}
scenario "look" {
  requests = ["home"]
}
`;

describe('scenario files on the command line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'elpis-scenarios-'));
  after(() => rmSync(folder, { recursive: true }));
  const put = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const config = (name: string, file: string, { gun = 'http/scenario', ammo = '' } = {}): string =>
    put(
      name,
      `pools:
  - gun: {type: ${gun}, target: "127.0.0.1:1"}
    ammo: {type: http/scenario, file: "${file}"${ammo}}
    result: {type: discard}
    rps: {type: const, ops: 10, duration: 1s}
    startup: {type: once, times: 5}
`,
    );
  const fine = config('fine.yaml', put('shop.hcl', FILE));
  const broken = put('broken.hcl', FILE.replace('"buy", ', '"bay", ').replace('uri     = "/buy"\n', ''));

  it('check shows how many scenarios and requests there are', async () => {
    const { code, stdout, stderr } = await elpis(['check', fine]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /ammo +http\/scenario from .*shop\.hcl: 2 scenarios, 3 starts with 7 requests in a round\n/);
  });

  it('check names what is wrong in the file, with its line and its text', async () => {
    const { code, stderr } = await elpis(['check', config('broken.yaml', broken)]);
    assert.equal(code, 2);
    assert.equal(
      stderr.split('\ncode')[0],
      `ERROR  ${broken}:6:1  requests[1].uri: missing; expected uri = ... (files in HCL need it; write an empty value for none)
  6 | request "buy" {
    | ^^^^^^^
${broken}:11:31  scenarios[0].requests[1]: expected the name of a request of this file, got "bay" (did you mean buy?)
  11 |   requests = ["home(2, 10)", "bay", "sleep(20)"]
     |                              ^^^^^
2 errors in ${join(folder, 'broken.yaml')}`.replace('11:31', '11:30'),
    );
  });

  it('check --json has the file of each issue', async () => {
    const { stdout } = await elpis(['check', '--json', config('broken.yaml', broken)]);
    const { issues } = JSON.parse(stdout) as { readonly issues: readonly Issue[] };
    assert.deepEqual(
      issues.map(({ file, line, code, lineText }) => ({ file, line, code, lineText })),
      [
        { file: broken, line: 6, code: 'required', lineText: 'request "buy" {' },
        { file: broken, line: 11, code: 'one-of', lineText: '  requests = ["home(2, 10)", "bay", "sleep(20)"]' },
      ],
    );
  });

  it('check tells together what is wrong in the config and in the file', async () => {
    const { stderr } = await elpis(['check', config('both.yaml', broken, { ammo: ', limit: -1' })]);
    assert.match(stderr, /both\.yaml:3:\d+ {2}pools\[0]\.ammo\.limit: /);
    const alone = await elpis(['check', config('gun.yaml', broken, { gun: 'htp' })]);
    assert.match(alone.stderr, /gun\.type: .*[\s\S]*broken\.hcl:6:1/);
  });

  it('check warns of what nothing uses', async () => {
    const path = put('unused.yaml', 'requests: [{name: a}, {name: b}]\nscenarios: [{name: s, requests: [a]}]\n');
    const { code, stdout, stderr } = await elpis(['check', config('warn.yaml', path)]);
    assert.equal(code, 0);
    assert.match(stdout + stderr, /unused\.yaml:1:30 {2}requests\[1]\.name: no scenario plays b/);
  });

  it('check refuses a gun that does not play scenario files', async () => {
    const { code, stderr } = await elpis(['check', config('gun.yaml', join(folder, 'shop.hcl'), { gun: 'http' })]);
    assert.equal(code, 2);
    assert.match(
      stderr,
      /expected http ammo, which the gun http can shoot \(http\/scenario makes http\/scenario ammo\)/,
    );
  });

  it('plan counts the requests', async () => {
    const { stdout } = await elpis(['plan', fine]);
    assert.match(stdout, / {2}shots {5}10\n {2}requests {2}24, when no scenario fails\n/);
    const json = JSON.parse((await elpis(['plan', '--json', fine])).stdout) as { readonly pools: readonly object[] };
    assert.deepEqual(json.pools, [{ id: 'pool_0', shots: 10, durationMs: 1000, peakPerSecond: 10, requests: 24 }]);
  });

  it('ammo shows the requests of each start', async () => {
    const { stdout } = await elpis(['ammo', fine, '--limit', '3']);
    assert.equal(
      stdout,
      `pool_0
     1  browse: home(2, 10), buy, sleep(20)
     2  browse: home(2, 10), buy, sleep(20)
     3  look: home
`,
    );
    const { stdout: json } = await elpis(['ammo', fine, '--limit', '1', '--json']);
    assert.deepEqual(JSON.parse(json), {
      ...{ pool: 'pool_0', id: 1, tag: 'browse', scenario: 'browse' },
      requests: ['home(2, 10)', 'buy', 'sleep(20)'],
    });
  });

  it('rehearse plays every request, with its pauses', async () => {
    const { code, stdout, stderr } = await elpis(['rehearse', fine, '--target', 'constant(5ms)', '--json']);
    assert.equal(code, 0, stderr);
    const { summary } = JSON.parse(stdout) as {
      readonly summary: { readonly pools: readonly { readonly tags: readonly { tag: string; shots: number }[] }[] };
    };
    const [pool] = summary.pools;
    const shots = Object.fromEntries((pool?.tags ?? []).map((each) => [each.tag, each.shots]));
    assert.deepEqual(shots, { browse: 7, 'browse.home': 14, 'browse.buy': 7, look: 3, 'look.home': 3 });
  });

  it('convert prints the scenario in code', async () => {
    const { code, stdout, stderr } = await elpis(['convert', join(folder, 'shop.hcl')]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /export default \[\{ scenario: browse, weight: 2 }, \{ scenario: look, weight: 1 }];\n$/);
  });

  it('convert lists what it has not converted, and its exit code says so', async () => {
    const path = put(
      'hard.yaml',
      'requests: [{name: a, uri: "/{{if true}}x{{end}}"}]\nscenarios: [{name: s, requests: [a]}]\n',
    );
    const { code, stdout, stderr } = await elpis(['convert', path]);
    assert.equal(code, 1);
    assert.match(stdout, /\/\/ not converted: uri: \{\{if}} in a template\n/);
    assert.equal(
      stderr,
      `${path}:1:27  requests[0].uri: not converted: {{if}} in a template
1 part is not converted; each is a comment in the code
`,
    );
  });

  it('convert refuses a file that cannot be used', async () => {
    const wrong = await elpis(['convert', broken]);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /broken\.hcl:6:1 {2}requests\[1]\.uri: missing/);
    const missing = await elpis(['convert', join(folder, 'no.hcl')]);
    assert.equal(missing.code, 2);
    assert.match(missing.stderr, /no\.hcl.*expected the path of an existing file/);
  });

  for (const as of ['hcl', 'yaml'] as const) {
    it(`init --scenario --as ${as} writes a config and a file that pass the check without a warning`, async () => {
      const path = join(folder, `init-${as}.yaml`);
      assert.equal((await elpis(['init', path, '--scenario', '--as', as, '--force'])).code, 0);
      const { code, stdout, stderr } = await elpis(['check', '--json', path]);
      assert.equal(code, 0, stdout);
      assert.equal(stderr, '');
      assert.deepEqual((JSON.parse(stdout) as { readonly issues: readonly Issue[] }).issues, []);
      assert.match(readFileSync(path, 'utf8'), new RegExp(`scenario\\.${as}`));
      assert.equal((await elpis(['convert', join(folder, `scenario.${as}`)])).code, 0);
    });
  }

  for (const as of ['hcl', 'yaml', 'ts'] as const) {
    it(`the rehearsal that init --scenario --as ${as} names has no bad shot`, async () => {
      const path = join(folder, `rehearsed-${as}.yaml`);
      const { code, stdout } = await elpis(['init', path, '--scenario', '--as', as, '--force']);
      assert.equal(code, 0);
      const [, options = ''] = /npx elpis rehearse \S+ (.*?) +#/.exec(stdout) ?? [];
      const words = options.replaceAll("'", '').split(' ');
      assert.deepEqual(words, ['--target', 'constant(20ms)', '--responses', join(folder, 'responses.ts')]);
      const rehearsed = await elpis(['rehearse', path, ...words, '--json']);
      assert.equal(rehearsed.code, 0, rehearsed.stderr);
      const { summary } = JSON.parse(rehearsed.stdout) as {
        readonly summary: { readonly pools: readonly { readonly total: { readonly [key: string]: number } }[] };
      };
      const { shots, failed, badStatus } = summary.pools[0]?.total ?? {};
      assert.deepEqual({ shots, failed, badStatus }, { shots: 200, failed: 0, badStatus: 0 });
    });
  }

  it('init --scenario --as hcl --typescript writes a module that passes the check', async () => {
    const path = join(folder, 'init.ts');
    assert.equal((await elpis(['init', path, '--scenario', '--as', 'hcl', '--typescript', '--force'])).code, 0);
    const { code, stdout } = await elpis(['check', path]);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /1 scenario, 1 start with 2 requests in a round/);
  });
});
