import type { Route } from '../route.js';

/** `/reset`: the connection is reset (RST), without an answer. */
export const reset: Route = {
  parameters: [],
  handle: ({ request }) => {
    request.socket.resetAndDestroy();
  },
};
