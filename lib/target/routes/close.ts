import type { Route } from '../route.js';

/** `/close`: the connection is closed in order (FIN), without an answer. */
export const close: Route = {
  parameters: [],
  handle({ request }) {
    // Bytes left unread would turn the orderly close into a reset.
    request.once('end', () => request.socket.destroySoon()).resume();
  },
};
