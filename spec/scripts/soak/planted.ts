import fc from 'fast-check';
import { type Fuzzer, fuzzer } from '../../../scripts/soak/fuzzer.js';

/** Runs a function at numbers from 700 on. */
const planted = (name: string, defect: (n: number) => void | Promise<void>): Fuzzer =>
  fuzzer({
    name,
    holds: `${name} never happens`,
    runs: 100,
    input: fc.nat(1000),
    check: (n) => (n < 700 ? undefined : defect(n)),
  });

/** Fuzzers that find planted defects. */
export const PLANTED: readonly Fuzzer[] = [
  planted('nothing', () => undefined),
  planted('failure', (n) => {
    throw new Error(`${n} is too large`);
  }),
  planted('silence', () => new Promise(() => undefined)),
  planted('loop', () => {
    for (;;);
  }),
  planted('growth', () => {
    for (const kept: string[][] = []; ; ) kept.push(new Array<string>(10_000).fill('x'));
  }),
  planted('exit', () => process.exit(0)),
  planted('uncaught', () => {
    setTimeout(() => {
      throw new Error('thrown later');
    });
    return new Promise(() => undefined);
  }),
];
