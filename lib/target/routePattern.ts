import type { Route } from './route.js';

/** How a route is written: `/jitter/MIN/MAX`. */
export function routePattern(name: string, { parameters }: Route): string {
  return ['', name, ...parameters.map((parameter) => parameter.name)].join('/');
}
