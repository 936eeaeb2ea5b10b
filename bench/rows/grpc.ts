import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, ELPIS, PEERS, ROOT } from '../support/folders.js';
import { median } from '../support/median.js';
import { type CommandLine, type Finished, runCommand } from '../support/runCommand.js';
import { startGreeter } from '../support/startGreeter.js';
import type { Figure, Row } from './row.js';

const [GENERATOR_CORE, SERVER_CORE] = [0, 1];
/** Calls at a time, over one connection. */
const CALLS = 64;
const SUMMARY = join(CACHE, 'grpc-summary.json');
const NAME = '0123456789';

/** A generator: its command, and the calls per second that it counts. */
interface Caller {
  readonly name: string;
  command(port: number, seconds: number): CommandLine;
  perSecond(finished: Finished): number;
}

const elpis: Caller = {
  name: 'elpis',
  command: (port, seconds) => {
    const [config, ammo] = [join(CACHE, 'grpc.json'), join(CACHE, 'ammo.grpc.json')];
    writeFileSync(ammo, `${JSON.stringify({ call: 'helloworld.Greeter.SayHello', payload: { name: NAME } })}\n`);
    const pool = {
      gun: { type: 'grpc', target: `127.0.0.1:${port}`, 'shared-client': { enabled: true } },
      ammo: { type: 'grpc/json', file: ammo },
      result: { type: 'discard' },
      rps: { type: 'unlimited', duration: `${seconds}s` },
      startup: { type: 'once', times: CALLS },
    };
    writeFileSync(config, JSON.stringify({ pools: [pool] }));
    return [process.execPath, ELPIS, 'run', config, '--quiet', '--summary-json', SUMMARY];
  },
  perSecond: () => {
    const summary = JSON.parse(readFileSync(SUMMARY, 'utf8')) as { pools: [{ total: { endedPerSecond: number } }] };
    return summary.pools[0].total.endedPerSecond;
  },
};

const ghz: Caller = {
  name: 'ghz',
  command: (port, seconds) => [
    ...(['env', `PATH=${join(PEERS, 'bin')}:${process.env.PATH}`, 'GOMAXPROCS=1', 'ghz'] as const),
    ...['--insecure', '--call', 'helloworld.Greeter.SayHello'],
    ...['-d', JSON.stringify({ name: NAME }), '-c', String(CALLS), '--connections', '1', '-z', `${seconds}s`],
    `127.0.0.1:${port}`,
  ],
  perSecond: ({ stdout }) => Number(/Requests\/sec:\s*([\d.]+)/.exec(stdout)?.[1]),
};

const grpcJs: Caller = {
  name: 'grpc-js',
  command: (port, seconds) => [
    process.execPath,
    join(ROOT, 'bench/support/grpcJsClient.mjs'),
    ...[port, CALLS, seconds].map(String),
  ],
  perSecond: ({ stdout }) => Number(stdout),
};

async function measure(caller: Caller, seconds: number): Promise<{ rate: number; cpuUs: number }> {
  const server = await startGreeter(SERVER_CORE);
  const finished = await runCommand(caller.command(server.port, seconds), {
    core: GENERATOR_CORE,
    limitSeconds: seconds + 30,
  });
  const handled = await server.stop();
  if (finished.code !== 0)
    throw new Error(`${caller.name} ended with ${finished.code}: ${finished.stderr.slice(-500)}`);
  const rate = caller.perSecond(finished);
  // A generator that counts what the server did not see measures something else.
  if (!(rate > 0) || rate * seconds > handled * 1.25)
    throw new Error(`${caller.name}: ${rate}/s, but ${handled} calls`);
  return { rate, cpuUs: (finished.cpuSeconds * 1e6) / handled };
}

/**
 * Unary calls against grpc-go by turns, in another order each round; ratios are taken within a round. Needs Go. The server takes
 * longer for a call than Elpis does, so that calls per second compare the servers: the processor time of a call is what counts.
 */
export const grpc: Row = {
  name: 'grpc',
  title: 'gRPC, unary, 12 bytes, 64 calls at a time over one connection, against grpc-go',
  run: async ({ rounds, seconds, peers, say }) => {
    const all = [elpis, ...(peers.some((peer) => peer.name === ghz.name) ? [ghz] : []), grpcJs];
    const seen = new Map(all.map(({ name }) => [name, [] as { rate: number; cpuUs: number }[]]));
    for (let round = 0; round < rounds; round++) {
      const turn = round % all.length;
      for (const caller of [...all.slice(turn), ...all.slice(0, turn)]) {
        const measured = await measure(caller, seconds);
        say(`grpc ${round + 1}/${rounds} ${caller.name} ${Math.round(measured.rate)}/s`);
        seen.get(caller.name)?.push(measured);
      }
    }
    const of = (name: string) => seen.get(name) ?? [];
    return all.flatMap(({ name }): Figure[] => {
      const rate = { name, value: median(of(name).map((each) => each.rate)), unit: 'calls/s' };
      const cpu = {
        name: `${name} CPU`,
        value: median(of(name).map((each) => each.cpuUs)),
        unit: 'µs/call',
      };
      if (name === 'elpis') return [rate, cpu];
      const ratio = (key: 'rate' | 'cpuUs'): number =>
        median(of(name).map((each, round) => (of('elpis')[round]?.[key] ?? 0) / each[key]));
      return [
        rate,
        cpu,
        { name: `elpis / ${name}`, value: ratio('rate'), unit: 'x' },
        { name: `elpis / ${name} CPU`, value: ratio('cpuUs'), unit: 'x' },
      ];
    });
  },
};
