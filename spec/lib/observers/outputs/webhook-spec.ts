import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { from, lastValueFrom } from 'rxjs';
import { webhook } from '../../../../lib/builtins/components.js';
import type { RunEvent } from '../../../../lib/engine/runEvent.js';
import { FakeRunHandle } from '../../../../lib/testing/index.js';
import { someRun } from './someRun.js';

const state = (violated: boolean) => ({
  ...{ condition: 'errors < 1%', otherwise: 'fail' as const, status: 'fails' as const, violated, value: 2, limit: 1 },
  ...{ unit: '%' as const, margin: -1 },
});

/** The bodies of the calls about a run with a threshold that is violated from its second state on. */
async function called(on?: ('start' | 'threshold' | 'end')[]): Promise<readonly { readonly event: string }[]> {
  const bodies: { readonly event: string }[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += String(chunk);
    });
    request.on('end', () => {
      bodies.push(JSON.parse(text));
      response.end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const [started, ...rest] = someRun(1) as [RunEvent, ...RunEvent[]];
  const states = [false, true, true].map(
    (violated): RunEvent => ({ type: 'thresholds', at: 7, states: [state(violated)] }),
  );
  const observer = webhook({ url, ...(on === undefined ? {} : { on }) });
  await lastValueFrom(observer(from([started, ...states, ...rest]), new FakeRunHandle()), { defaultValue: undefined });
  server.close();
  return bodies;
}

describe('webhook', () => {
  it('calls in order: the start, a threshold once when it is violated, and the end', async () => {
    const bodies = await called();
    assert.deepEqual(
      bodies.map(({ event }) => event),
      ['start', 'threshold', 'end'],
    );
    assert.deepEqual(bodies[1], { event: 'threshold', at: 7, threshold: state(true) });
  });

  it('calls only at the moments of `on`', async () => {
    assert.deepEqual(
      (await called(['end'])).map(({ event }) => event),
      ['end'],
    );
  });
});
