import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Finished } from './elpis.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

interface Locked {
  readonly dev?: boolean;
}

/** The packages that the installed package brings, as the lock file has them. */
function dependencyPackages(): readonly string[] {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, Locked>>;
  };
  return Object.entries(packages).flatMap(([path, { dev }]) =>
    dev !== true && /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path) ? [path] : [],
  );
}

/**
 * A user's project with the package in it, as `npm pack` packs what `npm run build` made. Nothing is fetched: the packages that
 * it needs are links into this checkout. RxJS is a copy of the project's own, so that a second RxJS would show.
 */
export class PackedProject {
  readonly folder = mkdtempSync(join(tmpdir(), 'elpis-packed-'));
  /** The paths in the tarball. */
  readonly contents: readonly string[];

  constructor() {
    const pack = ['pack', '--ignore-scripts', '--json', '--silent', '--pack-destination', this.folder];
    const printed = execFileSync('npm', pack, { cwd: ROOT, encoding: 'utf8', timeout: 60_000 });
    const [{ filename, files }] = JSON.parse(printed.replace(/^[^[]*/, '')) as [
      { filename: string; files: readonly { path: string }[] },
    ];
    this.contents = files.map(({ path }) => path);
    for (const path of dependencyPackages()) {
      const place = join(this.folder, path);
      mkdirSync(dirname(place), { recursive: true });
      if (path === 'node_modules/rxjs') cpSync(join(ROOT, path), place, { recursive: true });
      else symlinkSync(join(ROOT, path), place);
    }
    mkdirSync(this.path('node_modules/elpis'));
    const tarball = join(this.folder, filename);
    execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', this.path('node_modules/elpis')]);
    this.write('package.json', JSON.stringify({ name: 'shop', private: true, type: 'module' }));
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), text);
  }

  /** Runs Node in the project until it ends, for at most a minute. */
  node(...args: readonly string[]): Promise<Finished> {
    return new Promise((resolve) => {
      const child = execFile(process.execPath, args, { cwd: this.folder, timeout: 60_000 }, (_, stdout, stderr) =>
        resolve({ code: child.exitCode, stdout, stderr }),
      );
    });
  }

  /** Runs the installed command. */
  elpis(...args: readonly string[]): Promise<Finished> {
    return this.node('node_modules/elpis/dist/lib/cli/bin.js', ...args);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
