import {
  type AnyComponent,
  type Component,
  component,
  composite,
  constant,
  discard,
  dummy,
  fileSink,
  type GunFactory,
  type HttpAmmo,
  http,
  jsonlines,
  line,
  type NetSample,
  num,
  once,
  phout,
  pool,
  raw,
  required,
  retag,
  sampled,
  scenarioGun,
  step,
  struct,
  text,
  uri,
} from 'elpis';
import { reportTo, shoot, zipAmmo } from 'elpis/operators';
import type { Observable } from 'rxjs';
import type { Schedule } from '../../lib/core/schedule.js';

// Compiled, never run: the types of a component in code, and the calls that do not compile.

const target = 'localhost:80';
const rps = constant({ ops: 1, duration: '1s' });

// A component returns a value of its kind in a pipeline.
export const schedule: Schedule = line({ from: 1, to: 2, duration: '1s' });
export const provider: Observable<HttpAmmo> = uri({ uris: ['/'] });
export const gun: GunFactory<HttpAmmo, NetSample> = http({ target });
rps.pipe(
  zipAmmo(uri({ file: './ammo.uri' })),
  shoot(http({ target })),
  retag({ pattern: '[0-9]+' }),
  reportTo(phout()),
);
// A component is an entry of a registry.
export const all: readonly AnyComponent[] = [line, uri, http, phout, retag, fileSink];
export const named: readonly ['schedule', string] = [line.kind, line.name];

// Required keys are required, the others are not.
discard();
dummy();
phout();
// @ts-expect-error: the HTTP gun has a target
http();
// @ts-expect-error: the HTTP gun has a target
http({});
// @ts-expect-error: a line has a duration
line({ from: 1, to: 2 });
// @ts-expect-error: a step has a step
step({ from: 1, to: 2, duration: '1s' });
// @ts-expect-error: a format that needs a sink
jsonlines();
// @ts-expect-error: a burst has a number
once();
// @ts-expect-error: a scenario gun has a target
scenarioGun({});

// Values have the types that may be written.
// @ts-expect-error: a rate is a number
constant({ ops: 'x', duration: '1s' });
// @ts-expect-error: a bare number would be nanoseconds in a file and milliseconds in code, so a duration is text
constant({ ops: 1, duration: 30 });
// @ts-expect-error: a flag is true or false
http({ target, ssl: 'yes' });
// @ts-expect-error: a target is text
http({ target: { host: 'localhost', port: 80 } });
// @ts-expect-error: an inner key has a type, too
http({ target, dial: { timeout: true } });
// @ts-expect-error: one of three words
http({ target, answlog: { filter: 'errors' } });
// @ts-expect-error: there is no such key
http({ target, tsl: true });
// @ts-expect-error: there is no such inner key
http({ target, dial: { timout: '1s' } });
// @ts-expect-error: a list of texts
uri({ uris: [1] });
http({ target, dial: { timeout: '1s' }, answlog: { enabled: true, filter: 'error' } });

// Components inside are values, shorthands or plain data.
composite({ nested: [once({ times: 1 }), [line({ duration: '1s' })], { type: 'once', times: 2 }] });
phout({ destination: './phout.log' });
phout({ destination: fileSink({ path: './phout.log' }) });
sampled({ oneIn: 10, result: phout() });
// @ts-expect-error: a gun is no schedule
composite({ nested: [http({ target })] });
// @ts-expect-error: a schedule is no result
sampled({ oneIn: 10, result: rps });

// Gun and ammo fit.
const rest = { result: discard(), rps, startup: once({ times: 1 }) };
pool({ ...rest, gun: http({ target }), ammo: uri({ uris: ['/'] }) });
pool({ ...rest, gun: { type: 'http', target }, ammo: { type: 'num' } });
// @ts-expect-error: the component itself is no gun yet
pool({ ...rest, gun: http, ammo: num() });
// @ts-expect-error: the HTTP gun does not shoot numbers
pool({ ...rest, gun: http({ target }), ammo: num() });
// @ts-expect-error: the HTTP gun does not shoot numbers
rps.pipe(zipAmmo(num()), shoot(http({ target })));
rps.pipe(zipAmmo(raw({ file: './ammo.raw' })), shoot(http({ target })));

// A user's own component has the same types.
const greet = component({
  kind: 'gun',
  name: 'greet',
  summary: 'Greets.',
  options: struct('greet', { word: required(text, 'what') }),
  create: ({ word }): GunFactory<{ readonly name: string }, string> => ({
    create: () => ({ shoot: ({ name }) => [`${word} ${name}`] }),
  }),
  describe: ({ word }) => word.toUpperCase(),
  traits: ({ word }) => ({ takes: [word] }),
});
export const described: Component<
  'gun',
  { readonly word: string },
  { readonly word: string },
  GunFactory<{ readonly name: string }, string>
> = greet;
export const greeter: GunFactory<{ readonly name: string }, string> = greet({ word: 'hi' });
// @ts-expect-error: its word is required
greet();
const plain = { kind: 'gun', name: 'x', summary: '', options: struct('x', {}), create: () => gun } as const;
// @ts-expect-error: a gun has no such trait
component({ ...plain, traits: () => ({ stdout: true }) });
