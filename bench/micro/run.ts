// Micro-benches, in one process. Prints JSON: nanoseconds per item.
// Usage: run.ts GROUP BATCHES [NAME ...]
import { CODECS } from './codecs.js';
import type { MicroBench } from './microBench.js';
import { nanosPerItem } from './nanosPerItem.js';
import { OPERATORS } from './operators.js';
import { TRICKS } from './tricks.js';

const GROUPS: Readonly<Record<string, readonly MicroBench[]>> = {
  operators: OPERATORS,
  codecs: CODECS,
  tricks: TRICKS,
};
const [, , group = '', batches = '9', ...names] = process.argv;
const benches = GROUPS[group];
if (benches === undefined) throw new Error(`no group "${group}"; there are ${Object.keys(GROUPS).join(', ')}`);

const results = benches
  .filter(({ name }) => names.length === 0 || names.includes(name))
  .map(({ name, work, against, limit }) => {
    const works = [work(), ...(against === undefined ? [] : [against.work()])];
    const [nanos, other] = nanosPerItem(works, Number(batches), limit);
    return { name, nanos, ...(against === undefined ? {} : { against: against.name, otherNanos: other }) };
  });
console.log(JSON.stringify(results));
