import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { freePort } from '../freePort.js';
import { startTarget, type Target } from '../../lib/target/target.js';
import { Bench, BIN } from './elpis.js';

const VERSION = '2.0.11';
/** Installed once for all runs of the specs. */
const VENV = join(tmpdir(), `elpis-spec-yandextank-${VERSION}`);
const TANK = join(VENV, 'bin/yandex-tank');

/** Installs the tank if it is missing. Returns the reason when that is not possible; undefined when it is installed. */
function missingTank(): string | undefined {
  if (existsSync(TANK)) return undefined;
  const run = (file: string, ...args: string[]): unknown =>
    execFileSync(file, args, { stdio: ['ignore', 'ignore', 'pipe'], timeout: 240_000 });
  try {
    mkdirSync(VENV, { recursive: true });
    run('python3', '-m', 'venv', VENV);
    // It imports pkg_resources, which later releases of setuptools do not have.
    run(join(VENV, 'bin/pip'), 'install', '--quiet', '--disable-pip-version-check', 'setuptools<70', 'wheel');
    run(join(VENV, 'bin/pip'), 'install', '--quiet', '--disable-pip-version-check', `yandextank==${VERSION}`);
    return undefined;
  } catch (error) {
    rmSync(VENV, { recursive: true, force: true });
    const { stderr = '', message } = error as { stderr?: Buffer | string; message: string };
    const reason = String(stderr).trim().split('\n').at(-1) || message.split('\n')[0];
    return `Yandex.Tank cannot be installed here (python3, venv and the network are needed): ${reason}`;
  }
}
const missing = missingTank();
if (missing !== undefined) console.log(`skipped: ${missing}`);

/** The last messages of the tank. */
interface Tested {
  readonly code: number | null;
  /** Its `finish_status.yaml`. */
  readonly status: string;
  /** The output of Elpis to stdout and stderr. */
  readonly pandora: string;
}

describe('under the real Yandex.Tank', { skip: missing ?? false }, () => {
  const bench = new Bench();
  let target: Target;
  before(async () => {
    target = await startTarget();
    bench.write('pandora', `#!/bin/sh\nexec ${process.execPath} ${BIN} "$@"\n`);
    chmodSync(join(bench.folder, 'pandora'), 0o755);
  });
  after(async () => {
    await target.close();
    bench.remove();
  });

  const pool = (id: string, path: string, more: object = {}): object => ({
    id,
    gun: { type: 'http', target: `127.0.0.1:${target.port}` },
    ammo: { type: 'uri', uris: [path] },
    result: { type: 'phout', destination: `./${id}.log` },
    rps: { type: 'const', ops: 20, duration: '2s' },
    startup: { type: 'once', times: 5 },
    ...more,
  });

  /** Runs a test of the tank, from a folder of its own. */
  function tank(name: string, pandora: object, more: object = {}): Promise<Tested> {
    const folder = join(bench.folder, name);
    mkdirSync(folder);
    const off = ['console', 'telegraf', 'uploader', 'phantom', 'rcassert', 'autostop', 'rcheck'];
    const config = {
      core: { lock_dir: folder, artifacts_base_dir: join(folder, 'logs') },
      ...Object.fromEntries(off.map((plugin) => [plugin, { enabled: false }])),
      pandora: {
        enabled: true,
        package: 'yandextank.plugins.Pandora',
        pandora_cmd: join(bench.folder, 'pandora'),
        ...pandora,
      },
      ...more,
    };
    const file = bench.write(`${name}/load.yaml`, JSON.stringify(config));
    return new Promise((resolve, reject) => {
      const child = execFile(TANK, ['-c', join(bench.folder, file)], { cwd: folder, timeout: 90_000 }, (error) => {
        const logs = join(folder, 'logs');
        const [run] = existsSync(logs) ? readdirSync(logs) : [];
        if (run === undefined) return reject(error ?? new Error('the tank has left no artifacts'));
        const files = readdirSync(join(logs, run));
        const text = (pattern: RegExp): string =>
          files
            .filter((each) => pattern.test(each))
            .map((each) => readFileSync(join(logs, run, each), 'utf8'))
            .join('');
        resolve({ code: child.exitCode, status: text(/^finish_status/), pandora: text(/^pandora_\w+\.log$/) });
      });
    });
  }

  /** How many requests to a path arrived while `act` ran. */
  async function arrived(path: string, act: () => Promise<unknown>): Promise<number> {
    const count = (): number => target.stats().paths[path] ?? 0;
    const before = count();
    await act();
    return count() - before;
  }

  it('a constant rate: every planned request, exit code 0; the tank polls the counters', async () => {
    const monitoring = { expvar: { enabled: true, port: await freePort() } };
    const shots = await arrived('/delay/1', async () => {
      const { code, status } = await tank('const', {
        config_content: { pools: [pool('one', '/delay/1')], monitoring },
      });
      assert.equal(code, 0, status);
    });
    assert.equal(shots, 40);
  });

  it('expvar: true, which the tank passes as -expvar', async () => {
    const shots = await arrived('/delay/2', async () => {
      const { code, status, pandora } = await tank('expvar', {
        expvar: true,
        config_content: { pools: [pool('one', '/delay/2')] },
      });
      assert.equal(code, 0, status);
      assert.match(pandora, /^-expvar has no effect/m);
    });
    assert.equal(shots, 40);
  });

  it('autostop ends a run whose responses are 5xx', async () => {
    const shots = await arrived('/status/503', async () => {
      const rps = { type: 'const', ops: 20, duration: '60s' };
      const { code, pandora } = await tank(
        'autostop',
        { config_content: { pools: [pool('one', '/status/503', { rps })] } },
        { autostop: { enabled: true, autostop: ['http(5xx,5,2s)'] } },
      );
      assert.equal(code, 22);
      assert.match(pandora, /^SIGTERM: stopping/m);
      assert.match(pandora, / of 1,200 planned/);
    });
    assert.ok(shots > 0 && shots < 1200, `${shots}`);
  });

  it('two pools, each with its own result', async () => {
    let second = 0;
    const first = await arrived('/delay/3', async () => {
      second = await arrived('/delay/4', async () => {
        const pools = [pool('one', '/delay/3'), pool('two', '/delay/4')];
        assert.equal((await tank('two', { config_content: { pools } })).code, 0);
      });
    });
    assert.deepEqual([first, second], [40, 40]);
  });

  it('ammo that cannot be read: the reason is in the message of the tank', async () => {
    const ammo = { type: 'uri', file: './missing.uri' };
    const { code, status } = await tank('ammo', { config_content: { pools: [pool('one', '/', { ammo })] } });
    assert.equal(code, 2);
    assert.match(status, /tank_msg: .*plugin_pandora: ERROR {2}/);
    assert.match(
      status.replaceAll(/\s+/g, ' '),
      /pools\[0\]\.ammo\.file: expected the path of an existing file, got "\.\/missing\.uri"/,
    );
  });
});
