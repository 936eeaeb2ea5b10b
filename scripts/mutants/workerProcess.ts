import { type ChildProcess, fork } from 'node:child_process';
import { LOOPS, NONE, type Order, type Reply } from './protocol.js';

/** Why a worker gave no reply: its mutant loops without end, waits without end, or broke the process. */
export type Silence = 'endless loop' | 'took too long' | 'process broke';

/** A worker process, which takes one order at a time and is replaced when it is spent. */
export class WorkerProcess {
  readonly #program: string;
  #child: ChildProcess | undefined;

  constructor(program: string) {
    this.#program = program;
  }

  /**
   * Hands an order to the process, which is started when there is none.
   * @param limitMs after this time the process is killed
   * @param mutant the mutant that is on from the start of the process; such a process takes one order
   */
  ask(order: Order, limitMs: number, mutant = NONE): Promise<Reply | Silence> {
    if (mutant !== NONE) this.close();
    this.#child ??= fork(this.#program, [], {
      execArgv: ['--max-old-space-size=1024'],
      env: { ...process.env, MUTANT: String(mutant) },
      stdio: 'ignore',
    });
    const child = this.#child;
    return new Promise((resolve) => {
      const finish = (result: Reply | Silence, spent: boolean): void => {
        clearTimeout(timer);
        child.removeAllListeners();
        if (spent || mutant !== NONE) this.close();
        resolve(result);
      };
      const timer = setTimeout(() => finish('took too long', true), limitMs);
      child.once('message', (reply: Reply) => finish(reply, reply.type === 'tried' && reply.spent));
      child.once('exit', (code) => finish(code === LOOPS ? 'endless loop' : 'process broke', true));
      child.send(order);
    });
  }

  close(): void {
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
  }
}
