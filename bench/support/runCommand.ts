import { spawn } from 'node:child_process';
import { ROOT } from './folders.js';

/** A program with its arguments. */
export type CommandLine = readonly [program: string, ...args: string[]];

/** The output and the exit code of a command that has ended. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** User and system time of the command, if it was asked for. */
  readonly cpuSeconds: number;
}

/** Runs a command on one core until it ends, or kills it when the limit is over. */
export function runCommand(
  command: CommandLine,
  { core, limitSeconds, env = {} }: { core?: number; limitSeconds: number; env?: Record<string, string> },
): Promise<Finished> {
  const line = core === undefined ? command : (['taskset', '-c', String(core), ...command] as const);
  const [program, ...args] = ['bash', '-c', 'TIMEFORMAT="elpis-bench-cpu %U %S"; time "$@"', 'bench', ...line];
  return new Promise((resolve, reject) => {
    const child = spawn(program as string, args, { cwd: ROOT, detached: true, env: { ...process.env, ...env } });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const timer = setTimeout(() => process.kill(-(child.pid as number), 'SIGKILL'), limitSeconds * 1000);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      const times = /elpis-bench-cpu ([\d.]+) ([\d.]+)/.exec(stderr);
      resolve({ code, stdout, stderr, cpuSeconds: times ? Number(times[1]) + Number(times[2]) : Number.NaN });
    });
  });
}
