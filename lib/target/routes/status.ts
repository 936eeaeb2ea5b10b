import type { Route } from '../route.js';

/** `/status/CODE`: that status. Codes below 200 are not final answers, so they can't be asked for. */
export const status: Route = {
  parameters: [{ name: 'CODE', min: 200, max: 599 }],
  handle: (exchange, code = 200) => exchange.answer(code, `${code}\n`),
};
