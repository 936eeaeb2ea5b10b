import type { Route } from '../route.js';

/** `/hang`: no answer, ever; the connection stays open. */
export const hang: Route = {
  parameters: [],
  handle: ({ request }) => {
    request.resume();
  },
};
