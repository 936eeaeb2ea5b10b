import { median } from '../support/median.js';
import { runScript } from '../support/runScript.js';
import type { Figure, Row } from './row.js';

interface Result {
  readonly name: string;
  readonly nanos: number;
  readonly against?: string;
  readonly otherNanos?: number;
}

const BATCHES = 9;

/** A group of micro-benches: nanoseconds per item, and the ratio to the simple way if there is one. */
export function micro(group: 'operators' | 'codecs' | 'tricks', title: string): Row {
  return {
    name: `micro-${group}`,
    title,
    run: async ({ rounds, say }) => {
      const runs: (readonly Result[])[] = [];
      for (let round = 0; round < rounds; round++) {
        runs.push(await runScript<Result[]>('run', [group, BATCHES], { folder: 'micro', limitSeconds: 120 }));
        say(`micro-${group} ${round + 1}/${rounds}`);
      }
      return (runs[0] ?? []).flatMap(({ name, against }, i): Figure[] => {
        const seen = runs.map((run) => run[i] as Result);
        const own: Figure = { name, value: median(seen.map(({ nanos }) => nanos)), unit: 'ns' };
        if (against === undefined) return [own];
        const ratios = seen.map(({ nanos, otherNanos = Number.NaN }) => nanos / otherNanos);
        return [own, { name: `${name} / ${against}`, value: median(ratios), unit: 'x' }];
      });
    },
  };
}
