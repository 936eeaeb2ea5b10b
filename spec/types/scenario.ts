// Compiled, never run: the variables that a session has at each step of a scenario.
import { map } from 'rxjs';
import {
  branch,
  check,
  css,
  csvFeeder,
  extract,
  type Flow,
  feed,
  generatorFeeder,
  get,
  group,
  header,
  jsonAll,
  jsonIs,
  jsonPath,
  loop,
  orElse,
  parallel,
  pause,
  post,
  raceTimeout,
  retry,
  scenario,
  status,
  type Test,
  weightedChoice,
  whileTrue,
} from '../../lib/scenario/index.js';

type Known = { readonly token: string; readonly budget: number };
declare const flow: Flow<Known>;
const isNumber = (value: unknown): value is number => typeof value === 'number';

// -- a missing variable is an error, wherever it is used
scenario(
  's',
  // @ts-expect-error: nothing is known at the beginning
  get('a', ({ id }) => `/${id}`),
);
// @ts-expect-error: nothing is known outside of a scenario
get('a', ({ id }) => `/${id}`);
// @ts-expect-error: in a header
flow.pipe(get('a', '/', { headers: ({ id }) => ({ id }) }));
// @ts-expect-error: in a form
flow.pipe(post('a', '/', { form: ({ id }) => ({ id }) }));
// @ts-expect-error: in JSON
flow.pipe(post('a', '/', { json: ({ id }) => ({ id }) }));
// @ts-expect-error: in a condition
flow.pipe(branch(({ id }) => id, pause(1)));
// @ts-expect-error: in a loop
flow.pipe(loop(({ id }) => id, pause(1)));
// @ts-expect-error: in a pause
flow.pipe(pause(({ id }) => id));
// @ts-expect-error: in a check
flow.pipe(check({ same: ({ text }, { id }) => text === id }));
flow.pipe(
  pause(1),
  pause(1),
  pause(1),
  pause(1),
  pause(1),
  pause(1),
  pause(1),
  pause(1),
  pause(1),
  // @ts-expect-error: beyond nine operators
  get('a', ({ id }) => id),
);

// -- wrong kinds of things
// @ts-expect-error: a path is text
flow.pipe(get('a', ({ budget }) => budget));
// @ts-expect-error: a form has no lists
flow.pipe(post('a', '/', { form: { list: [1] } }));
// @ts-expect-error: JSON has no functions in it
flow.pipe(post('a', '/', { json: { make: () => 1 } }));
// @ts-expect-error: a status class is one of five
status('6xx');
flow.pipe(
  feed(csvFeeder({ text: '', columns: ['user'] })),
  // @ts-expect-error: a column that was not asked for
  get('a', ({ password }) => password),
);

// -- what each step leaves
flow.pipe(
  extract({
    csrf: css('input', 'value'),
    ids: jsonAll('$'),
    total: jsonPath('$.t', isNumber),
    page: orElse(header('p'), 1),
  }),
  get('a', ({ token, csrf, ids, total, page }) => token + csrf + ids.length + total.toFixed() + String(page)),
  // @ts-expect-error: a text has no toFixed
  get('b', ({ csrf }) => csrf.toFixed()),
);
flow.pipe(
  feed(csvFeeder({ text: '', columns: ['user', 'password'] })),
  feed(generatorFeeder((index) => ({ index }))),
  map((session) => session.with({ twice: session.vars.index * 2 })),
  check({ json: jsonIs('$.a', 1), own: ({ text }, { user }) => text === user }),
  group('g', (inside) => inside.pipe(extract({ inGroup: header('h') }))),
  retry({ tries: 2 }, (attempt) => attempt.pipe(extract({ inRetry: header('h') }))),
  raceTimeout(5, (racing) => racing.pipe(extract({ inRace: header('h') }))),
  parallel(
    get('style', ({ token }) => token),
    (one) => one.pipe(extract({ one: header('h') })),
  ),
  loop(2, (turn) => turn.pipe(extract({ inLoop: header('h') }))),
  whileTrue(
    ({ one }) => one === '',
    (turn) => turn.pipe(pause(1)),
  ),
  get('a', ({ token, user, password, twice, inGroup, inRetry, inRace, one }) => {
    return token + user + password + twice.toFixed() + inGroup + inRetry + inRace + one;
  }),
  // @ts-expect-error: there may have been no turn
  get('b', ({ inLoop }) => inLoop),
);
flow.pipe(
  branch(
    ({ budget }) => budget > 1,
    (rich) => rich.pipe(extract({ both: header('b'), first: header('f') })),
    (poor) => poor.pipe(extract({ both: header('b') })),
  ),
  get('a', ({ token, both }) => token + both),
  // @ts-expect-error: only one of the two leaves it
  get('b', ({ first }) => first),
);
flow.pipe(
  weightedChoice([
    { weight: 1, step: (one) => one.pipe(extract({ both: header('b'), first: header('f') })) },
    { weight: 2, step: (other) => other.pipe(extract({ both: header('b') })) },
    {
      weight: 3,
      step: (third) =>
        third.pipe(
          extract({ both: header('b') }),
          get('c', ({ token }) => token),
        ),
    },
  ]),
  get('a', ({ token, both }) => token + both),
  // @ts-expect-error: only one of them leaves it
  get('b', ({ first }) => first),
);

// -- a user's own steps
const greet = <V extends { readonly user: string }>(visitor: Flow<V>) =>
  visitor.pipe(
    get('greet', ({ user }) => `/${user}`),
    extract({ greeting: header('g') }),
  );
flow.pipe(
  feed(csvFeeder({ text: '', columns: ['user'] })),
  greet,
  get('a', ({ token, greeting }) => token + greeting),
);
// @ts-expect-error: it needs a user
flow.pipe(greet);
// A type that is fixed elsewhere removes no variable.
const pathOf = ({ budget }: { readonly budget: number }): string => `/${budget}`;
const isUserValue: Test<{ readonly budget: number }> = (_, { budget }) => budget > 0;
flow.pipe(
  get('a', pathOf),
  check({ isUserValue }),
  get('b', ({ token }) => token),
);

// -- a scenario begins with nothing, and ends with anything
scenario('s', (start) => start.pipe(pause(1), extract({ a: header('a') })));
// @ts-expect-error: it cannot begin with something
scenario('s', (start: Flow<Known>) => start.pipe(pause(1)));
// @ts-expect-error: sessions come out, not their variables
scenario('s', (start) => start.pipe(map(({ vars }) => vars)));
