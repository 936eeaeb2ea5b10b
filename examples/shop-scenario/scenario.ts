// Two kinds of visitors of a shop. The variables of each step are typed: without `extract` of the csrf field,
// the login below does not compile.
import {
  bodyHas,
  branch,
  check,
  css,
  csvFeeder,
  extract,
  feed,
  get,
  group,
  headerIs,
  jsonAll,
  jsonIs,
  jsonPath,
  loop,
  pause,
  post,
  scenario,
  status,
  time,
} from 'elpis/scenario';
import { map } from 'rxjs';

const users = csvFeeder({ file: new URL('./users.csv', import.meta.url), columns: ['user', 'password', 'budget'] });
const isNumber = (value: unknown): value is number => typeof value === 'number';

/** Reads three pages, without a login. */
export const browse = scenario('browse', (flow) =>
  flow.pipe(
    loop(3, (turn) =>
      turn.pipe(
        get('goods', '/goods'),
        check({ 'shows goods': bodyHas('<ul class="goods">') }),
        pause(200, { jitter: 0.5 }),
      ),
    ),
  ),
);

/** Logs in, looks at the goods, fills the cart and, with enough money, orders. */
export const buy = scenario('buy', (flow) =>
  flow.pipe(
    feed(users),
    group('login', (login) =>
      login.pipe(
        get('form', '/login'),
        extract({ csrf: css('input[name=csrf]', 'value') }),
        pause(100),
        post('send', '/login', { form: ({ user, password, csrf }) => ({ user, password, csrf }) }),
        check({ 'is let in': status(200), 'gets a cookie': headerIs('set-cookie', /^sid=/) }),
        extract({ token: jsonPath('$.token') }),
      ),
    ),
    get('goods', '/goods', { headers: { Accept: 'application/json' } }),
    check({ 'is fast': time(500) }, { otherwise: 'continue' }),
    extract({ ids: jsonAll('$.goods[*].id') }),
    // Any RxJS operator may stand between the steps.
    map((session) => session.with({ choice: session.vars.ids[session.index % session.vars.ids.length] })),
    post('cart', '/cart', { json: ({ choice }) => ({ id: choice, amount: 1 }) }),
    check({ 'holds something': jsonIs('$.items[0]') }),
    extract({ total: jsonPath('$.total', isNumber) }),
    pause(150),
    branch(
      ({ total, budget }) => total <= Number(budget),
      (enough) =>
        enough.pipe(
          post('order', '/order', { headers: ({ token }) => ({ Authorization: `Bearer ${token}` }) }),
          check({ 'is ordered': status(201) }),
          extract({ order: jsonPath('$.order', isNumber) }),
        ),
    ),
  ),
);

/** What load.yaml plays: two of three virtual users only browse. */
export default [
  { scenario: browse, weight: 2 },
  { scenario: buy, weight: 1 },
];
