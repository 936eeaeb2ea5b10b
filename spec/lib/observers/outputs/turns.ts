import assert from 'node:assert/strict';

/** Lets sockets, files and promises call back, for some turns of the event loop. */
export async function turns(count = 20): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate);
}

/** Waits until a condition holds, for sockets and files; fails after many turns of the event loop. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1_000_000; turn++) {
    if (holds()) return;
    await new Promise(setImmediate);
  }
  assert.fail(`${what} did not happen`);
}
