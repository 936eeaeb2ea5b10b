import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { projectConfig } from './projectConfig.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

interface Source {
  readonly path: string;
  readonly lines: readonly string[];
}

const sources: readonly Source[] = ['lib', 'operators'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => {
      const path = join(folder, file).replaceAll('\\', '/');
      return { path, lines: readFileSync(join(ROOT, path), 'utf8').trimEnd().split('\n') };
    }),
);

/** What product code must not call, and the files that are the exception. */
const FORBIDDEN: readonly [what: RegExp, why: string, except: RegExp][] = [
  [/\bDate\.now\(|\bnew Date\(\)/, 'time comes from a SchedulerLike', /^$/],
  [/\bset(Timeout|Interval)\(/, 'waiting is a matter of the scheduler', /^lib\/time\/realTime\.ts$/],
  [/\bMath\.random\(/, 'randomness comes seeded, from deps', /^$/],
  [/\bperformance\.now\(/, 'time comes from a SchedulerLike', /^lib\/time\/realTime\.ts$/],
  [/\bconsole\./, 'output goes to the streams that are handed in', /^$/],
  [/\bprocess\.exit\(/, 'a process ends by itself, when everything is flushed', /^$/],
  [/\bas any\b|: any\b|@ts-ignore|@ts-expect-error/, 'the type checker is not to be silenced', /^$/],
  [/from '(\.\.?\/)+(lib\/)?index\.js'/, 'nothing inside imports a barrel', /^$/],
  [
    /^(export )?(let|var) |^(export )?const \w+[^=]*= new (Weak)?(Map|Set)(<.*>)?\(\)|^\s+static (readonly )?#?\w+[^=(]*= (\[\]|new )/,
    'no module state: a second run in the process sees nothing of the first',
    // What was made in code is remembered by D-025.
    /^lib\/plugin\/recipe\.ts$/,
  ],
];

describe('the rules of the house', () => {
  for (const [what, why, except] of FORBIDDEN) {
    it(`${what.source}: ${why}`, () => {
      const found = sources.flatMap(({ path, lines }) =>
        except.test(path)
          ? []
          : lines.flatMap((line, i) =>
              !/^\s*(\*|\/\/|\/\*)/.test(line) && what.test(line) ? [`${path}:${i + 1}`] : [],
            ),
      );
      assert.deepEqual(found, []);
    });
  }

  it('no source file is over 300 lines, and half of them are under 80', () => {
    const sizes = sources.map(({ lines }) => lines.length).sort((a, b) => a - b);
    assert.ok(Number(sizes.at(-1)) <= 300, String(sizes.at(-1)));
    assert.ok(Number(sizes[sizes.length >> 1]) < 80);
  });

  it('every public symbol of core is documented', () => {
    const bare = sources
      .filter(({ path }) => path.startsWith('lib/core/'))
      .flatMap(({ path, lines }) =>
        lines.flatMap((line, i) =>
          /^export (interface|type|const|class|function)/.test(line) && !/\*\/$/.test(lines[i - 1] ?? '')
            ? [`${path}:${i + 1}`]
            : [],
        ),
      );
    assert.deepEqual(bare, []);
  });

  it('every type test is compiled by the check of the types', () => {
    const tests = readdirSync(join(ROOT, 'spec/types')).map((file) => join(ROOT, 'spec/types', file));
    const compiled = new Set(projectConfig(ROOT).fileNames);
    assert.ok(tests.length > 0);
    assert.deepEqual(
      tests.filter((file) => !compiled.has(file)),
      [],
    );
  });
});
