import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isLeft, isRight } from 'fp-ts/lib/Either.js';
import { filter, lastValueFrom, NEVER } from 'rxjs';
import { parse, stringify } from 'yaml';
import { builtins } from '../../lib/builtins/builtins.js';
import { type ComponentDescription, describeComponents } from '../../lib/config/describeComponents.js';
import { loadConfig } from '../../lib/config/loadConfig.js';
import { defined } from '../../lib/core/defined.js';
import { defaultDeps } from '../../lib/plugin/defaultDeps.js';
import type { SummarySnapshot } from '../../lib/measure/summary.js';
import { runConfig } from '../../lib/run/runConfig.js';
import { routes } from '../../lib/target/routes.js';
import { startTarget, type Target } from '../../lib/target/target.js';
import { FakeLog } from '../../lib/testing/index.js';
import { sectionsOf } from '../../scripts/barrels.mjs';
import { referencePages } from '../../scripts/reference/pages.js';
import { placed } from '../../scripts/reference/placed.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const components = describeComponents(builtins());

const line = (at: number): string => `::1 - - [27/Nov/2026:10:00:0${at} +0000] "GET / HTTP/1.1" 200 5\n`;

/** The files that the examples name. */
const FILES: Readonly<Record<string, string>> = {
  'ammo.uri': '/\n/bytes/100 page\n',
  'ammo.uripost': '5 /echo say\nhello\n',
  'scenario.hcl': `request "home" {
  method = "GET"
  uri = "/"
  headers = {}
}
call "home" {
  call = "target.TargetService.Hello"
  payload = "{}"
}
scenario "s" {
  requests = ["home"]
}
`,
  'ammo.raw': '31 root\nGET / HTTP/1.1\r\nHost: shop\r\n\r\n\n',
  'ammo.json': '{"tag": "root", "uri": "/", "method": "GET", "host": "shop"}\n{"uri": "/"}\n',
  'users.json': '{"name": "ada"}\n{"name": "bob"}\n',
  'access.log': line(0) + line(1),
  'any.ts': `import { component, ElpisError, NetSample, struct } from 'elpis';
import { of } from 'rxjs';
export default component({
  kind: 'gun', name: 'any', summary: 'Shoots anything.', options: struct('any', {}),
  create: () => ({ create: () => ({ shoot: (_ammo, shot) => of(NetSample.of(shot).end(shot.started)) }) }),
});
`,
  'ammo.grpc.json': `{"tag":"hello","call":"target.TargetService.Hello","payload":{"name":"Ann"}}\n`,
  'scenario.ts': `import { get, scenario } from 'elpis/scenario';
export default scenario('root', get('root', '/'));
`,
};

/** The examples of a document: files in fences that name them, and parts of configs in `yaml` fences. */
function fences(text: string): readonly (readonly [info: string, body: string])[] {
  return [...text.matchAll(/^```(\S+(?: \S+)?)\n([\s\S]*?)^```$/gm)].map(([, info = '', body = '']) => [info, body]);
}

describe('docs/reference', () => {
  let target: Target;
  let files: Server;
  let folder: string;
  let posts = 0;
  before(async () => {
    target = await startTarget();
    files = createServer((request, response) => {
      if (request.method === 'POST') posts++;
      request.resume().on('end', () => response.end('/\n'));
    });
    await new Promise<void>((resolve) => files.listen(0, '127.0.0.1', resolve));
    folder = mkdtempSync(join(tmpdir(), 'elpis-reference-'));
    for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
  });
  after(async () => {
    await target.close();
    files.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs a config whose names of hosts stand for servers of this spec, and returns the summaries of its pools. What it prints is left out. */
  async function play(config: unknown): Promise<readonly SummarySnapshot[]> {
    const { port } = files.address() as AddressInfo;
    const text = stringify(config)
      .replaceAll('localhost:8080', `127.0.0.1:${target.port}`)
      .replaceAll(/https:\/\/(hooks\.)?example\.org|http:\/\/localhost:(4318|8086|9090)/g, `http://127.0.0.1:${port}`)
      .replace('port: 1234', 'port: 61234')
      .replaceAll(/(?<=[ "'])\.\//g, `${folder}/`);
    writeFileSync(join(folder, 'load.yaml'), text);
    const quiet = { stdout: new PassThrough().resume(), stderr: new PassThrough().resume(), log: new FakeLog() };
    const deps = { ...defaultDeps(), ...quiet };
    const read = await loadConfig(join(folder, 'load.yaml'), {
      registry: builtins(),
      env: {},
      stdin: deps.stdin,
      cwd: folder,
    })();
    if (isLeft(read)) throw read.left;
    const events = runConfig(read.right, { deps, stops: NEVER });
    const end = await lastValueFrom(events.pipe(filter((event) => event.type === 'run-finished')));
    return end.summaries;
  }

  /** A whole config around a part of one; the missing parts have small values. */
  function around({ observers, ...pool }: Readonly<Record<string, unknown>>): unknown {
    const base = {
      gun: { type: 'http', target: 'localhost:8080' },
      ammo: { type: 'uri', uris: ['/'] },
      result: { type: 'discard' },
      rps: { type: 'once', times: 2 },
      startup: { type: 'once', times: 1 },
    };
    return { plugins: ['./any.ts'], ...defined({ observers }), pools: [{ ...base, ...pool }] };
  }

  it('is the output of npm run reference', () => {
    const pages = referencePages();
    for (const [file, text] of pages) {
      const written = readFileSync(join(ROOT, 'docs', 'reference', file), 'utf8');
      assert.ok(written === text, `docs/reference/${file} is old: run npm run reference`);
    }
    assert.deepEqual(readdirSync(join(ROOT, 'docs', 'reference')).sort(), [...pages.keys()].sort());
  });

  /** Ammo that the HTTP gun does not take, and what shoots it instead. */
  const OTHER_AMMO: ReadonlySet<string> = new Set(['num', 'dummy', 'json']);

  const partOf = (component: ComponentDescription): Readonly<Record<string, unknown>> => {
    const { kind, name } = component;
    const part = placed(component);
    assert.ok(part !== undefined, 'it has no example');
    if (kind === 'provider' && name === 'http/scenario')
      return { gun: { type: name, target: 'localhost:8080' }, ...part };
    if (name === 'scenario' || name === 'http/scenario' || name === 'http2/scenario') {
      return {
        ammo: { type: 'scenario', use: './scenario.ts' },
        gun: { type: name, target: 'localhost:8080' },
        ...part,
      };
    }
    if (name === 'grpc/scenario') {
      return {
        ammo: { type: name, file: './scenario.hcl' },
        gun: { type: name, target: 'localhost:8080' },
        ...part,
      };
    }
    if (name.startsWith('grpc')) {
      return {
        ammo: { type: 'grpc/json', file: './ammo.grpc.json', passes: 2 },
        gun: { type: 'grpc', target: 'localhost:8080' },
        ...part,
        rps: { type: 'once', times: 2 },
      };
    }
    return kind === 'provider' && OTHER_AMMO.has(name) ? { ...part, gun: { type: 'any' } } : part;
  };

  for (const component of components) {
    const { kind, name } = component;
    if (kind === 'schedule' || name === 'stdin') continue;
    it(`has an example of ${kind} ${name} that runs`, async () => {
      const [pool] = await play(around(partOf(component)));
      assert.equal(pool?.total.ended, 2);
      assert.equal(pool.total.failed + pool.total.bad, 0);
    });
  }

  it('and the examples of outputs that post do so', () => {
    assert.ok(posts >= 4, `${posts} posts`);
  });

  for (const component of components.filter(({ kind }) => kind === 'schedule')) {
    it(`has an example of schedule ${component.name} that is a plan`, async () => {
      const part = placed(component);
      assert.ok(part !== undefined, 'it has no example');
      const text = stringify(around(part)).replaceAll('./', `${folder}/`);
      writeFileSync(join(folder, 'load.yaml'), text);
      const read = await loadConfig(join(folder, 'load.yaml'), {
        registry: builtins(),
        env: {},
        stdin: process.stdin,
      })();
      assert.ok(isRight(read), isLeft(read) ? read.left.message : '');
    });
  }

  const ammo = readFileSync(join(ROOT, 'docs', 'AMMO.md'), 'utf8');
  for (const [i, [info, body]] of fences(ammo).entries()) {
    const [language, file] = info.split(' ');
    it(`and docs/AMMO.md has examples that run: ${i}, ${info}`, async () => {
      if (file !== undefined) writeFileSync(join(folder, file), body);
      if (language !== 'yaml') return;
      const [pool] = await play(around(parse(body) as Readonly<Record<string, unknown>>));
      assert.equal(pool?.total.ended, 2);
      assert.equal(pool.total.failed + pool.total.bad, 0);
    });
  }

  it('and docs/TARGET.md has every route, with its parameters', () => {
    const page = readFileSync(join(ROOT, 'docs', 'TARGET.md'), 'utf8');
    for (const [name, { parameters }] of routes) {
      const written = ['', name, ...parameters.map((parameter) => parameter.name)].join('/');
      assert.ok(page.includes(`\n| \`${written}\` | `), written);
    }
  });

  it('and docs/CODECS.md has every codec that the package exports', () => {
    const page = readFileSync(join(ROOT, 'docs', 'CODECS.md'), 'utf8');
    const values = (sectionsOf('lib/index.ts').get('codecs of their options') ?? []).filter((name) =>
      /^[a-z]/.test(name),
    );
    assert.ok(values.length > 20);
    for (const name of values) assert.match(page, new RegExp(`\\b${name}\\b`));
  });
});
