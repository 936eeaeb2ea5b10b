import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { allCommands } from '../../../lib/cli/main.js';
import { elpis } from './inProcess.js';

const MODULE = `
import { component, discard, struct } from 'elpis';
export default component({
  kind: 'aggregator', name: 'nowhere', summary: 'Drops samples.', options: struct('nowhere', {}), create: () => discard(),
});
`;

/** The commands that read a config, with the arguments that make them read one, without shooting. */
const READING: Readonly<Record<string, (url: string) => readonly string[]>> = {
  run: (url) => [url, '--quiet'],
  check: (url) => [url],
  plan: (url) => [url],
  rehearse: (url) => [url, '--target', 'constant(1ms)'],
  ammo: (url) => [url, '--limit', '1'],
  plugins: (url) => ['--config', url],
  explain: (url) => ['gun.http', '--config', url],
  schema: (url) => [url],
};

describe('a config that a command reads', () => {
  const folder = mkdtempSync(join(tmpdir(), 'elpis-allow-'));
  const module = join(folder, 'nowhere.ts');
  let server: Server;
  let url: string;
  before(async () => {
    writeFileSync(module, MODULE);
    server = createServer((_request, response) => {
      const once = { type: 'once', times: 1 };
      const gun = { type: 'http', target: '127.0.0.1:1' };
      const pool = { gun, ammo: { type: 'uri', uris: ['/'] }, result: { type: 'nowhere' }, rps: once, startup: once };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ plugins: [pathToFileURL(module).href], pools: [pool] }));
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/load.json`;
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  it('can be allowed to load modules by --allow-plugins of every command', async () => {
    const commands = (await allCommands()).filter(({ options }) => 'config' in options);
    // It is run with more options.
    const own = commands.map(({ name }) => name).filter((name) => name !== 'capacity');
    assert.deepEqual(own.sort(), Object.keys(READING).sort());
    for (const { name, options } of commands) assert.ok('allowPlugins' in options, name);
  });

  for (const [name, args] of Object.entries(READING)) {
    it(`of another machine, with modules, is refused by ${name}, and accepted with --allow-plugins`, async () => {
      const refused = await elpis([name, ...args(url)]);
      assert.equal(refused.code, 2, refused.stdout);
      assert.match(refused.stderr, /allow it with --allow-plugins/);
      const accepted = await elpis([name, ...args(url), '--allow-plugins']);
      assert.equal(accepted.code, 0, accepted.stderr);
      assert.doesNotMatch(accepted.stderr, /allow-plugins/);
    });
  }

  it('of this machine is not overwritten by elpis schema --out', async () => {
    const config = join(folder, 'load.json');
    writeFileSync(config, '{"pools": []}');
    const { code, stderr } = await elpis(['schema', config, '--out', join(folder, '.', 'load.json')]);
    assert.equal(code, 2);
    assert.match(stderr, /--out .*load\.json is the config itself/);
  });

  it('of this machine is listed although a folder of its results is missing', async () => {
    const once = { type: 'once', times: 1 };
    const gun = { type: 'http', target: '127.0.0.1:1' };
    const result = { type: 'phout', destination: join(folder, 'none/phout.log') };
    const pool = { gun, ammo: { type: 'uri', uris: ['/'] }, result, rps: once, startup: once };
    const config = join(folder, 'results.json');
    writeFileSync(config, JSON.stringify({ pools: [pool] }));
    const { code, stderr } = await elpis(['plugins', 'gun', '--config', config]);
    assert.equal(code, 0, stderr);
  });
});
