import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { lastValueFrom, toArray } from 'rxjs';
import { run } from '../../../lib/run/run.js';
import { elpis } from './inProcess.js';

const folder = mkdtempSync(join(tmpdir(), 'elpis-secrets-'));
after(() => rmSync(folder, { recursive: true }));

/** The planted secret, with characters that JSON and addresses escape. */
const SECRET = 'correct "horse" battery/staple';
const FORMS = [SECRET, JSON.stringify(SECRET).slice(1, -1), encodeURIComponent(SECRET), encodeURI(SECRET), 'battery'];
const PASSWORD = 'swordfish';
const env = { SECRET };

type Config = Readonly<Record<string, unknown>>;

interface PoolParts {
  readonly gun?: unknown;
  readonly ammo?: unknown;
  readonly result?: unknown;
  readonly rps?: unknown;
  readonly startup?: unknown;
  readonly id?: unknown;
}

function config(pool: PoolParts, more: Config = {}): Config {
  return {
    ...more,
    pools: [
      {
        gun: { type: 'http', target: '127.0.0.1:9' },
        ammo: { type: 'uri', uris: ['/'], limit: 1 },
        result: { type: 'discard' },
        rps: { type: 'once', times: 1 },
        startup: { type: 'once', times: 1 },
        ...pool,
      },
    ],
  };
}

const S = '${env:SECRET}';
const WITH_PASSWORD = `http://ann:${PASSWORD}@127.0.0.1:1/a?access_token=${PASSWORD}`;

/** Every place of a config that may contain a secret, most of them invalid. */
const CONFIGS: Readonly<Record<string, Config>> = {
  'a target that is no address': config({ gun: { type: 'http', target: S } }),
  'a target in an address': config({ gun: { type: 'http', target: `http://ann:${PASSWORD}@host` } }),
  'a number': config({ rps: { type: 'const', ops: S, duration: '1s' } }),
  'a duration': config({ rps: { type: 'const', ops: 1, duration: S } }),
  'a part of a duration': config({ rps: { type: 'const', ops: 1, duration: `${S}s` } }),
  'a size': config({ result: { type: 'phout', destination: 'stdout', bufferSize: S } }),
  'a flag': config({ ammo: { type: 'uri', uris: ['/'], preload: S } }),
  'a word': config({ ammo: { type: 'http', decoder: S, uris: ['/'] } }),
  'a header': config({ ammo: { type: 'uri', uris: ['/'], headers: [S] } }),
  'a good header': config({ ammo: { type: 'uri', uris: ['/'], limit: 1, headers: [`[Authorization: ${S}]`] } }),
  'a URI': config({ ammo: { type: 'uri', uris: [`/%${S}`] } }),
  'a good URI and its tag': config({ ammo: { type: 'uri', uris: ['/a?b=${WORD} ${WORD}'], limit: 1 } }),
  'a method': config({
    ammo: { type: 'http/json', file: { type: 'inline', data: `{"method":${JSON.stringify(`(${S}`)}}` } },
  }),
  'bad JSON': config({ ammo: { type: 'http/json', file: { type: 'inline', data: `{"uri":"/"}\n{${S}` } } }),
  'a size of raw': config({ ammo: { type: 'raw', file: { type: 'inline', data: S } } }),
  'a file of ammo': config({ ammo: { type: 'uri', file: `/nope/${S}` } }),
  'an address of ammo': config({ ammo: { type: 'uri', file: WITH_PASSWORD } }),
  'an address of ammo with a substituted password': config({
    ammo: { type: 'uri', file: 'http://ann:${WORD}@127.0.0.1:1/' },
  }),
  'an address of ammo, in a map': config({ ammo: { type: 'uri', file: { type: 'url', url: WITH_PASSWORD } } }),
  'a file of results': config({ result: { type: 'phout', destination: `/nope/${S}` } }),
  'an id of a pool that is no text': config({ id: [S] }),
  'a name of a component': config({ result: { type: 'phout', destination: { type: `x${S}` } } }),
  'an unknown key beside it': config({ gun: { type: 'http', target: S, unknown: S } }),
  'a log file': config({}, { log: { file: `/nope/${S}` } }),
  'a log level': config({}, { log: { level: S } }),
  'a module': config({}, { plugins: [`./${S}.ts`] }),
  'a module of an operator': config({}, { operators: { samples: [{ use: `./${S}.ts` }] } }),
  'an observer': config({}, { observers: [{ type: 'summary-json', file: `/nope/${S}` }] }),
  threads: config({}, { threads: S }),
  monitoring: config({}, { monitoring: { expvar: { enabled: true, port: S } } }),
  'a reference without a value': config({ gun: { type: 'http', target: '${env:NOPE}', ssl: S } }),
  'a properties file': config({ gun: { type: 'http', target: `\${property:/nope/${PASSWORD}#a}${S}` } }),
};

/** The whole output of a command: its streams, and the files in the working folder. */
function written(out: string, err: string, files: string): string {
  const inFiles = existsSync(files) ? readdirSync(files).map((name) => readFileSync(join(files, name), 'utf8')) : [];
  return [out, err, ...inFiles].join('\n');
}

function assertNoSecret(text: string): void {
  for (const form of FORMS) assert.ok(!text.includes(form), `${form} is in:\n${text}`);
}

describe('a secret in a config', () => {
  for (const [place, value] of Object.entries(CONFIGS)) {
    it(`is shown by no command: ${place}`, async () => {
      const files = mkdtempSync(join(folder, 'run-'));
      const path = join(folder, 'load.json');
      writeFileSync(path, JSON.stringify(value));
      const summary = join(files, 'summary.json');
      const commands = [
        ['check', path],
        ['check', '--json', path],
        ['plan', path],
        ['ammo', path],
        ['ammo', '--json', path],
        ['run', '--summary-json', summary, path],
        ['rehearse', '--target', 'constant(1ms)', path],
      ];
      for (const command of commands) {
        const { stdout, stderr } = await elpis(command, { env: { ...env, WORD: PASSWORD } });
        const text = written(stdout, stderr, files);
        assertNoSecret(text);
        // The message of an error shows the source of the config; secrets written there are replaced too.
        if (!place.startsWith('a properties file')) assert.ok(!text.includes(PASSWORD), `${command[0]}: ${text}`);
      }
    });
  }

  it('is in no event and in no error of a run in code', async () => {
    for (const value of Object.values(CONFIGS)) {
      const seen: unknown[] = [];
      try {
        seen.push(...(await lastValueFrom(run(value, { env: { ...env, WORD: PASSWORD } }).pipe(toArray()))));
      } catch (error) {
        seen.push(describeAll(error));
      }
      assertNoSecret(JSON.stringify(seen));
    }
  });

  it('is shown in no line of a log file', async () => {
    const files = join(folder, 'logs');
    mkdirSync(files);
    const path = join(folder, 'log.json');
    const ammo = { type: 'uri', uris: ['/', `/%${S}`], continueonerror: true, passes: 1 };
    writeFileSync(path, JSON.stringify(config({ ammo }, { log: { level: 'debug', file: join(files, 'log') } })));
    await elpis(['run', path], { env });
    const text = readFileSync(join(files, 'log'), 'utf8');
    assert.match(text, /bad ammo skipped/);
    assertNoSecret(text);
  });
});

function describeAll(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  return [error.message, error.stack, { ...error }, error.cause === undefined ? '' : describeAll(error.cause)];
}
