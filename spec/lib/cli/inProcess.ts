import { EventEmitter } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { main } from '../../../lib/cli/main.js';

/** The result of a command. */
export interface Done {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of the command line in this process, without colours. */
export async function elpis(
  args: readonly string[],
  {
    stdin = '',
    signals = new EventEmitter(),
    heard,
    env = {},
  }: {
    stdin?: string;
    signals?: EventEmitter;
    heard?: (text: string) => void;
    env?: Readonly<Record<string, string>>;
  } = {},
): Promise<Done> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const printed = [text(stdout), text(stderr)];
  if (heard !== undefined) stdout.on('data', (chunk: Buffer) => heard(chunk.toString()));
  const code = await main(
    args,
    { stdin: Readable.from([Buffer.from(stdin)]), stdout, stderr, env: { ...env, NO_COLOR: '1' } },
    signals,
  );
  stdout.end();
  stderr.end();
  const [out = '', err = ''] = await Promise.all(printed);
  return { code, stdout: out, stderr: err };
}
