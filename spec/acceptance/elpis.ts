import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The built command. */
export const BIN = fileURLToPath(new URL('../../dist/lib/cli/bin.js', import.meta.url));

/** The output and the exit code of a finished command. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of its own for one test, with the built command to run in it. */
export class Bench {
  readonly folder = mkdtempSync(join(tmpdir(), 'elpis-'));

  write(name: string, content: string | Buffer): string {
    writeFileSync(join(this.folder, name), content);
    return name;
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  /** Starts the built command; it must end within 30 s. */
  start(
    args: readonly string[],
    env: Record<string, string> = {},
  ): { child: ChildProcess; finished: Promise<Finished> } {
    return this.#spawn(process.execPath, [BIN, ...args], env);
  }

  /** Runs a script in bash, in which `"$NODE" "$ELPIS"` is the built command. */
  shell(script: string): Promise<Finished> {
    return this.#spawn('bash', ['-c', script], { NODE: process.execPath, ELPIS: BIN }).finished;
  }

  #spawn(
    file: string,
    args: readonly string[],
    env: Record<string, string>,
  ): { child: ChildProcess; finished: Promise<Finished> } {
    const child = spawn(file, args, {
      cwd: this.folder,
      env: { ...process.env, ...env },
      timeout: 30_000,
      killSignal: 'SIGKILL',
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    const finished = new Promise<Finished>((resolve) => {
      child.on('close', (code) => resolve({ code, stdout, stderr }));
    });
    return { child, finished };
  }

  run(
    args: readonly string[],
    { env = {}, stdin = '' }: { env?: Record<string, string>; stdin?: string } = {},
  ): Promise<Finished> {
    const { child, finished } = this.start(args, env);
    child.stdin?.end(stdin);
    return finished;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The lines of a phout file, split into columns. */
export function phoutRows(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'));
}
