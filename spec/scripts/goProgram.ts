import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const GO = ['/usr/local/go/bin/go', '/usr/bin/go'].find((path) => existsSync(path));

/** Why specs of Go programs are skipped; false where there is Go. */
export const withoutGo: string | false = GO === undefined ? 'there is no Go' : false;

/** A Go program that was built. */
export interface GoProgram {
  /** Its file, to be started. */
  readonly path: string;
  remove(): void;
}

/**
 * Builds a Go program. Its modules come from the module proxy once, and from the cache of Go after that.
 *
 * @param folder The folder with its `go.mod`, from the root of the repository.
 * @throws Error with the output of the compiler when it cannot be built.
 */
export function builtGo(folder: string): GoProgram {
  const target = mkdtempSync(join(tmpdir(), 'elpis-go-'));
  const path = join(target, 'program');
  const remove = (): void => rmSync(target, { recursive: true, force: true });
  try {
    execFileSync(GO ?? 'go', ['build', '-o', path, '.'], { cwd: folder, stdio: 'pipe', timeout: 100_000 });
  } catch (error) {
    remove();
    const { stderr } = Object(error) as { readonly stderr?: unknown };
    throw new Error(`${folder} cannot be built (it needs the module proxy of Go once): ${String(stderr ?? error)}`);
  }
  return { path, remove };
}
