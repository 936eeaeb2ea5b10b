// The types and the enum make the transpiled text differ from the source, in lines and in columns.
/** A module of the user with a component of several kinds; each place in it can fail, by the variable WAY. */
export const MODULE = `import { map } from 'rxjs';
enum Way { Codec, Create } interface Gone { readonly a: number }
const fails = (way: string): void => {
  if (process.env.WAY === way) { const text: string = 'broken ' + way; throw new TypeError(text + (Way.Codec as number)); }
};
import { component, defineOperator, struct } from 'elpis';

/** Lines
 * that are gone
 * when it is loaded. */
interface Nothing {
  readonly a: Gone;
}

const gun = component({
  kind: 'gun', name: 'mine', summary: 'Fails.',
  options: () => { fails('codec'); return struct('mine', {}); },
  create: () => {
    fails('create');
    return {
      warmUp: () => { fails('warm-up'); return Promise.resolve(); },
      create: () => {
        fails('gun create');
        return {
          shoot: (ammo: Nothing) => {
            fails('shoot');
            if (process.env.WAY === 'rejection') void (async () => { await Promise.resolve(); fails('rejection'); })();
            if (process.env.WAY === 'timer') setTimeout(() => fails('timer'), 1);
            return Promise.resolve().then(() => new Promise<never>(() => undefined));
          },
        };
      },
    };
  },
});
const middleware = component({
  kind: 'middleware', name: 'sign', summary: 'Fails.',
  options: struct('sign', {}),
  create: () => (ammo: unknown) => { fails('middleware'); return ammo; },
});
const operator = defineOperator('ticks', {
  name: 'late', summary: 'Fails.',
  options: struct('late', {}),
  create: () => {
    fails('factory');
    return (ticks) => { fails('operator'); return ticks.pipe(map((tick) => { fails('tick'); return tick; })); };
  },
});
export default [gun, middleware, operator];
fails('module');
`;

/** A config that uses all of them. */
export const CONFIG = `plugins: [./mine.ts]
pools:
  - id: main
    gun: {type: mine}
    ammo: {type: uri, uris: [/a], middlewares: [{type: sign}]}
    result: {type: phout, destination: ./phout.log}
    operators: {ticks: [{type: late}]}
    rps: {type: const, ops: 20, duration: 2s}
    startup: {type: once, times: 2}
`;

/** Where \`fails\` throws. */
export const PLACE = /mine\.ts:4:(\d+)/;
