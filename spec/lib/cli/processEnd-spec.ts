import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { endProcess } from '../../../lib/cli/processEnd.js';

/** A process that records its end and its timers. */
function fake({ resources = [] as string[], waiting = [0] } = {}) {
  const timers: [work: () => void, ms: number][] = [];
  const done: string[] = [];
  const stream = {
    get writableLength(): number {
      return waiting[0] ?? 0;
    },
    write: (text: string) => done.push(text),
  };
  const process = {
    pid: 7,
    exitCode: undefined as number | undefined,
    stdout: stream,
    stderr: stream,
    getActiveResourcesInfo: () => resources,
    exit: (code?: number | string | null): never => {
      done.push(`exit ${code}`);
      return undefined as never;
    },
    kill: (pid: number, signal?: string | number): true => {
      done.push(`kill ${pid} ${signal}`);
      return true;
    },
  };
  return { process, done, timers, later: (work: () => void, ms: number) => timers.push([work, ms]) };
}

describe('endProcess', () => {
  it('sets the code, and the process ends by itself', () => {
    const { process, done, timers, later } = fake();
    endProcess(3, process, later);
    assert.deepEqual([process.exitCode, done, timers.map(([, ms]) => ms)], [3, [], [1000]]);
  });

  it('exits after a second when something is still open', () => {
    const { process, done, timers, later } = fake({ resources: ['Timeout'] });
    endProcess(3, process, later);
    timers[0]?.[0]();
    assert.deepEqual(done, ['exit 3']);
  });

  it('waits until its own streams have written everything', () => {
    const waiting = [5];
    const { process, done, timers, later } = fake({ waiting });
    endProcess(3, process, later);
    timers[0]?.[0]();
    assert.deepEqual([done, timers.length], [[], 2]);
    waiting[0] = 0;
    timers[1]?.[0]();
    assert.deepEqual(done, ['exit 3']);
  });

  it('kills itself, with a message, while a system call on a file is under way, for which an exit would wait', () => {
    const { process, done, timers, later } = fake({ resources: ['FSReqCallback'] });
    endProcess(3, process, later);
    timers[0]?.[0]();
    assert.match(
      done[0] ?? '',
      /^ERROR {2}a system call on a file or pipe has not returned after the end: .* instead of ending with code 3\n$/,
    );
    assert.deepEqual(done.slice(1), ['kill 7 SIGKILL']);
  });
});
