import type { Exchange } from './exchange.js';
import type { RouteParameter } from './route.js';
import { routePattern } from './routePattern.js';
import { routes } from './routes.js';

function refusal(text: string, { name, min, max, fraction = false }: RouteParameter): string | undefined {
  const number = Number(text);
  const fits = text !== '' && number >= min && number <= max && (fraction || Number.isInteger(number));
  if (fits) return undefined;
  return `${name} is "${text}", expected ${fraction ? 'a number' : 'a whole number'} from ${min} to ${max}\n`;
}

/** Answers one request by the route that its path names; 404 and 400 say what would have been right. */
export function serve(exchange: Exchange, path: string): void {
  const [, name = '', ...texts] = path.split('/');
  const route = routes.get(name);
  if (route === undefined) {
    const known = [...routes].map(([key, each]) => routePattern(key, each)).join(' ');
    exchange.answer(404, `there is no route ${path}; there are: ${known} /stats /reset-stats\n`);
    return;
  }
  if (texts.length !== route.parameters.length) {
    exchange.answer(404, `there is no route ${path}; did you mean ${routePattern(name, route)}?\n`);
    return;
  }
  for (const [i, parameter] of route.parameters.entries()) {
    const message = refusal(texts[i] ?? '', parameter);
    if (message !== undefined) {
      exchange.answer(400, message);
      return;
    }
  }
  route.handle(exchange, ...texts.map(Number));
}
