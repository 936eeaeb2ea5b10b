import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, normalize } from 'node:path/posix';
import { after, before, describe, it } from 'node:test';
import { PackedProject } from './packedProject.js';

/** The anchors of the headings of a Markdown text, as GitHub and npm make them. */
function anchorsIn(text: string): ReadonlySet<string> {
  const headings = [...text.matchAll(/^#+ +(.*)$/gm)].map(([, heading = '']) => heading);
  const plain = headings.map((heading) => heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase());
  return new Set(plain.map((heading) => heading.replaceAll(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-')));
}

/** Links that lead nowhere: `file: link`. */
function brokenLinks(paths: readonly string[], read: (path: string) => string): string[] {
  const there = new Set(paths.flatMap((path) => [path, ...foldersOf(path)]));
  return paths
    .filter((path) => path.endsWith('.md'))
    .flatMap((path) => {
      const text = read(path).replaceAll(/^```[\s\S]*?^```/gm, '');
      const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
      return links
        .filter((link) => !/^(https?|mailto):/.test(link))
        .filter((link) => {
          const [to = '', anchor] = link.split('#');
          const file = to === '' ? path : normalize(join(dirname(path), to)).replace(/\/$/, '');
          if (!there.has(file)) return true;
          return anchor !== undefined && !anchorsIn(read(file)).has(anchor);
        })
        .map((link) => `${path}: ${link}`);
    });
}

function foldersOf(path: string): string[] {
  const folder = dirname(path);
  return folder === '.' ? [] : [folder, ...foldersOf(folder)];
}

const packageOf = (specifier: string): string => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;

describe('what is packed', () => {
  let project: PackedProject;
  before(() => {
    project = new PackedProject();
  });
  after(() => project.remove());
  const read = (path: string): string => readFileSync(project.path(`node_modules/elpis/${path}`), 'utf8');
  const files = (end: string): string[] => project.contents.filter((path) => path.endsWith(end));

  it('has no link that leads out of it or to a missing heading', () => {
    assert.ok(files('.md').length > 15);
    assert.deepEqual(brokenLinks(project.contents, read), []);
  });

  it('the check finds broken links: to a file, to a folder, to a heading', () => {
    const texts = new Map([
      [
        'README.md',
        '# One\n[a](docs/a.md) [b](docs/b.md) [c](docs) [d](lib) [e](#one) [f](#two) [g](https://h.test/i)',
      ],
      ['docs/a.md', '## Two words, *three*\n[a](../README.md#one) [b](#two-words-three) [c](../README.md#two)'],
    ]);
    const found = brokenLinks([...texts.keys()], (path) => texts.get(path) ?? '');
    assert.deepEqual(found, [
      'README.md: docs/b.md',
      'README.md: lib',
      'README.md: #two',
      'docs/a.md: ../README.md#two',
    ]);
  });

  it('imports only its dependencies, and has no dependency that it does not import', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Readonly<Record<string, string>> };
    const imported = new Set(['@types/node']);
    for (const path of project.contents.filter((each) => /^dist\/.*(\.js|\.d\.ts)$/.test(each))) {
      const text = read(path).replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
      const found = text.matchAll(
        /(?:\bfrom\s*|\bimport\s*|\b(?:import|load|require)[\d$]*\(|\burl\)\()["']([^"'.\s][^"'\s]*)["']/g,
      );
      for (const [, specifier = ''] of found)
        if (!specifier.startsWith('node:') && !builtinModules.includes(specifier)) imported.add(packageOf(specifier));
    }
    imported.delete('elpis');
    assert.deepEqual([...imported].sort(), Object.keys(dependencies).sort());
  });

  it('has a source map beside every script that has code of a source, and the sources that the maps name', () => {
    const withoutCode = (path: string): boolean =>
      path.includes('/rolldown-runtime-') ||
      // It stands inside a page, whose policy allows these bytes only.
      path === 'dist/page/page.js' ||
      read(path)
        .replace(/^(?:import|export) .*$/gm, '')
        .trim() === '';
    const scripts = files('.js').filter((path) => path.startsWith('dist/') && !withoutCode(path));
    assert.ok(scripts.length > 20);
    for (const path of scripts) {
      const { sources } = JSON.parse(read(`${path}.map`)) as { sources: readonly string[] };
      const own = sources.filter((source) => !source.includes('node_modules/') && !source.startsWith('hdr'));
      for (const source of own) {
        const file = join('node_modules/elpis', dirname(path), source);
        assert.ok(existsSync(project.path(file)), `${path}.map names ${source}, which is not packed`);
      }
    }
  });

  it('has the licence of every package that is inside the scripts', () => {
    const bundled = new Set(
      files('.js.map').flatMap((path) => {
        const { sources } = JSON.parse(read(path)) as { sources: readonly string[] };
        return sources.flatMap((source) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source)?.[1] ?? []);
      }),
    );
    assert.ok(bundled.has('rxjs'));
    const licences = read('dist/LICENCES.txt');
    for (const name of bundled) assert.match(licences, new RegExp(`^${name} \\d+\\.\\d+\\.\\d+\\n`, 'm'));
  });

  it('names the sources in the stack of an error of the command', async () => {
    // Without a frame of the user: an error with such a frame is an error of the user.
    project.write(
      'broken.mjs',
      `process.stdout.write = () => {
        const error = new Error('the terminal is gone');
        error.stack = error.stack.replace(/\\n.*broken\\.mjs.*/g, '');
        throw error;
      };`,
    );
    const { code, stderr } = await project.node(
      ...['--import', './broken.mjs', 'node_modules/elpis/dist/lib/cli/bin.js', '--help'],
    );
    assert.equal(code, 1);
    assert.match(stderr, /unexpected error, please report it\nError: the terminal is gone\n/);
    assert.match(stderr, /^ +at .*\(lib\/cli\/parser\.ts:\d+:\d+\)$/m);
  });

  it('names the sources in the stack of an error that is thrown later, outside of any call', async () => {
    project.write(
      'later.mjs',
      `process.stdout.write = () => {
         const error = new Error('the terminal is gone');
         setTimeout(() => { throw error; });
         return true;
       };`,
    );
    const { code, stderr } = await project.node(
      ...['--import', './later.mjs', 'node_modules/elpis/dist/lib/cli/bin.js', '--help'],
    );
    assert.notEqual(code, 0);
    assert.match(stderr, /^ +at .*\(lib\/cli\/parser\.ts:\d+:\d+\)$/m);
  });
});
