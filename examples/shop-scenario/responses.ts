// What the shop responds, for rehearsals and for the tests of the scenarios: the pages that their checks and extractors read.
import type { TargetResponses } from 'elpis/testing';

const FORM = '<form><input type="hidden" name="csrf" value="s3cret"></form>';

export default {
  'GET /login': { body: FORM },
  'POST /login': { headers: { 'Set-Cookie': 'sid=1; Path=/' }, json: { token: 'abc' } },
  'GET /goods': ({ headers }) =>
    headers.some(([name]) => name === 'Accept')
      ? { json: { goods: [{ id: 7 }, { id: 8 }] } }
      : { body: '<ul class="goods"></ul>' },
  'POST /cart': { json: { items: [{ id: 7, amount: 1 }], total: 70 } },
  'POST /order': { status: 201, json: { order: 1 } },
} satisfies TargetResponses;
