import { elpis } from '../peers/elpis.js';
import type { Peer } from '../peers/peer.js';
import { type ArrivalErrors, arrivalErrors, plannedMoments } from '../support/arrivalErrors.js';
import { median } from '../support/median.js';
import { runCommand } from '../support/runCommand.js';
import type { Figure, Row } from './row.js';

const GENERATOR_CORE = 0;
/** What a generator is called that is not bound to one core. */
const FREE = ', all cores';

/** A generator, and the core that it is bound to. */
interface Entrant {
  readonly name: string;
  readonly peer: Peer;
  readonly core?: number;
}

/**
 * Everyone once on one core, and `precise` and the peers once more on all cores. On one core, the threads that compile for V8 interrupt
 * the loop for a slice of the kernel (3 ms), as long as there is something to compile.
 */
function entrantsOf(peers: readonly Peer[]): readonly Entrant[] {
  const precise = elpis({ name: 'elpis precise', pacing: 'precise' });
  const flavours = [
    precise,
    elpis({ name: 'elpis precise, no early connections', pacing: 'precise', runUp: 'in-memory' }),
    elpis({ name: 'elpis precise, no run-up', pacing: 'precise', runUp: 'never' }),
    elpis({ name: 'elpis relaxed', pacing: 'relaxed' }),
  ];
  return [
    ...[...flavours, ...peers].map((peer) => ({ name: peer.name, peer, core: GENERATOR_CORE })),
    ...[precise, ...peers].map((peer) => ({ name: `${peer.name}${FREE}`, peer })),
  ];
}

/** When requests really arrive, seen by one recorder for all: error against the plan. */
export function pacing(name: string, title: string, from: number, to: number): Row {
  return {
    name,
    title,
    run: async (bench) => {
      const recorder = await bench.recorder();
      const plan = { from, to, seconds: bench.seconds };
      const all = entrantsOf(
        bench.peers.filter((peer) => peer.paced?.({ ...plan, port: recorder.port }) !== undefined),
      );
      const seen = new Map(all.map((entrant) => [entrant, [] as (ArrivalErrors & { readonly cpu: number })[]]));
      for (let round = 0; round < bench.rounds; round++) {
        const turn = round % all.length;
        for (const entrant of [...all.slice(turn), ...all.slice(0, turn)]) {
          const { name: who, peer, core } = entrant;
          const command = peer.paced?.({ ...plan, port: recorder.port });
          if (command === undefined) continue;
          await recorder.clear();
          const finished = await runCommand(command, {
            ...(core === undefined ? {} : { core }),
            limitSeconds: bench.seconds * 2 + 30,
          });
          const arrivals = await recorder.arrivals();
          // A generator may send the first request at the start or one interval later: the smaller error counts.
          const tries = ([0, 1] as const).map((first) => arrivalErrors(arrivals, plannedMoments(plan, first)));
          const best = tries.reduce((a, b) => (b.p99 < a.p99 ? b : a));
          bench.say(
            `${name} ${round + 1}/${bench.rounds} ${who} p50 ${best.p50.toFixed(3)} p99 ${best.p99.toFixed(3)} ms ` +
              `(by second ${best.p99BySecond.map((p99) => p99.toFixed(1)).join(', ')}), ` +
              `${(best.arrived * 100).toFixed(1)} % arrived, ${finished.cpuSeconds.toFixed(2)} s of CPU`,
          );
          seen.get(entrant)?.push({ ...best, cpu: (finished.cpuSeconds / bench.seconds) * 100 });
        }
      }
      const figures = all.flatMap((peer): Figure[] => {
        const rounds = seen.get(peer) ?? [];
        return [
          { name: `${peer.name} p50`, value: median(rounds.map(({ p50 }) => p50)), unit: 'ms' },
          { name: `${peer.name} p99`, value: median(rounds.map(({ p99 }) => p99)), unit: 'ms' },
          ...([0, 1, 2] as const).map((second) => ({
            name: `${peer.name} p99 of second ${second + 1}`,
            value: median(rounds.map(({ p99BySecond }) => p99BySecond[second] ?? Number.NaN)),
            unit: 'ms',
          })),
          { name: `${peer.name} arrived`, value: median(rounds.map(({ arrived }) => arrived * 100)), unit: '%' },
          { name: `${peer.name} CPU`, value: median(rounds.map(({ cpu }) => cpu)), unit: '% of a core' },
        ];
      });
      const of = (figure: string): number => figures.find(({ name: other }) => other === figure)?.value ?? Number.NaN;
      const ratios = all
        .filter(({ name: who }) => !who.startsWith('elpis'))
        .flatMap(({ name: who, core }): Figure[] =>
          (['p50', 'p99', 'p99 of second 1'] as const).map((which) => ({
            name: `elpis precise / ${who} ${which}`,
            value: of(`elpis precise${core === undefined ? FREE : ''} ${which}`) / of(`${who} ${which}`),
            unit: 'x',
          })),
        );
      return [...figures, ...ratios];
    },
  };
}
