import type { GrowthCost } from '../mesh/growthFrames.js';
import { median } from '../support/median.js';
import { runScript } from '../support/runScript.js';
import type { Bench, Figure, Row } from './row.js';

const WORKERS = [2, 8, 32, 128];
const UNIT = 'ms per worker and second';
const LIMIT = { folder: 'mesh', limitSeconds: 120 };

/** The medians of the rounds, by the number of workers. */
async function costs(bench: Bench, what: string, measure: () => Promise<readonly GrowthCost[]>) {
  const seen = new Map<number, number[]>(WORKERS.map((workers) => [workers, []]));
  let bytes = 0;
  for (let round = 0; round < bench.rounds; round++) {
    const measured = await measure();
    for (const { workers, ms } of measured) seen.get(workers)?.push(ms);
    bytes = measured[0]?.bytes ?? 0;
    const texts = measured.map(({ workers, ms }) => `${workers}: ${ms.toFixed(2)}`);
    bench.say(`mesh-growth ${round + 1}/${bench.rounds} ${what}: ${texts.join(', ')} ${UNIT}`);
  }
  const of = (workers: number): number => median(seen.get(workers) ?? []);
  const figures = WORKERS.map(
    (workers): Figure => ({ name: `${what}, ${workers} workers`, value: of(workers), unit: UNIT }),
  );
  return { figures: [...figures, { name: `${what}, 128 / 8 workers`, value: of(128) / of(8), unit: 'x' }], of, bytes };
}

/**
 * What a worker costs the coordinator, for few workers and for many: the cost of each must not grow with their number. In memory: what
 * follows from a message. Over NATS: all that the process of the coordinator does, on one core.
 */
export const meshGrowth: Row = {
  name: 'mesh-growth',
  title: 'Many machines: processor time of the coordinator, each worker with 1,000 operations per second',
  run: async (bench) => {
    const inMemory = (tags: number) => () => runScript<GrowthCost[]>('growth', [tags, ...WORKERS], LIMIT);
    const few = await costs(bench, 'in memory, 5 tags', inMemory(5));
    const many = await costs(bench, 'in memory, 100 tags', inMemory(100));
    const seconds = Math.max(4, bench.seconds);
    const overNats = await costs(bench, 'over NATS, 100 tags', () =>
      runScript<GrowthCost[]>('natsGrowth', [100, seconds, ...WORKERS], LIMIT),
    );
    return [
      ...few.figures,
      ...many.figures,
      ...overNats.figures,
      { name: 'computed for 1,000 workers over NATS, 100 tags', value: overNats.of(128), unit: 'cores' },
      { name: 'sent by a worker, 5 tags', value: few.bytes / 1000, unit: 'kB per second' },
      { name: 'sent by a worker, 100 tags', value: many.bytes / 1000, unit: 'kB per second' },
    ];
  },
};
