import { checked } from '../codec/bounds.js';
import { integer, nonEmpty } from '../codec/scalars.js';
import { optional, struct } from '../codec/struct.js';
import type { RunEvent, RunObserver } from '../engine/runEvent.js';
import { component } from '../plugin/component.js';
import { servedText } from './servedText.js';

/** Pandora's live counters under Pandora's names. Rates are differences over the last second. */
interface ExpvarCounters {
  readonly engine_Requests: number;
  readonly engine_Responses: number;
  readonly engine_UsersStarted: number;
  readonly engine_UsersFinished: number;
  readonly engine_ReqPS: number;
  readonly engine_ResPS: number;
  readonly engine_ActiveUsers: number;
  readonly engine_ActiveRequests: number;
}

interface Totals {
  readonly requests: number;
  readonly responses: number;
  readonly started: number;
  readonly finished: number;
}

/** Go has the arguments here. They may contain passwords, so they are omitted. */
const CMDLINE = ['elpis'];

const NOTHING: Totals = { requests: 0, responses: 0, started: 0, finished: 0 };

/** Adds up the progress of all pools. */
class Tally {
  readonly #now = new Map<string, Totals>();
  readonly #before = new Map<string, Totals>();

  see(event: RunEvent): void {
    if (event.type !== 'progress' && event.type !== 'pool-finished') return;
    const { requests, responses, instances, instancesStarted } = event.progress;
    this.#before.set(event.pool, this.#now.get(event.pool) ?? NOTHING);
    const finished = instancesStarted - instances;
    this.#now.set(event.pool, { requests, responses, started: instancesStarted, finished });
  }

  counters(): ExpvarCounters {
    const sum = (totals: Map<string, Totals>, key: keyof Totals): number =>
      [...totals.values()].reduce((total, pool) => total + pool[key], 0);
    const requests = sum(this.#now, 'requests');
    const responses = sum(this.#now, 'responses');
    const started = sum(this.#now, 'started');
    const finished = sum(this.#now, 'finished');
    return {
      engine_Requests: requests,
      engine_Responses: responses,
      engine_UsersStarted: started,
      engine_UsersFinished: finished,
      engine_ReqPS: requests - sum(this.#before, 'requests'),
      engine_ResPS: responses - sum(this.#before, 'responses'),
      engine_ActiveUsers: started - finished,
      engine_ActiveRequests: requests - responses,
    };
  }
}

/** The address to which only this machine can connect. */
export const LOOPBACK = '127.0.0.1';

/** Options of {@link serveExpvar}. */
export interface ExpvarOptions {
  /** 0: any free port. */
  readonly port: number;
  /** The address to listen on; `0.0.0.0` is all interfaces. Default 127.0.0.1: only this machine. */
  readonly host?: string | undefined;
  /** Called with the port and the address when it is open. */
  readonly onListening?: (port: number, address: string) => void;
}

/**
 * Serves live counters as Pandora does (https://pkg.go.dev/expvar), from before the first shot until the end of the run: `GET /debug/vars` returns a JSON
 * object with `engine_Requests` and the other counters, so that tools that read Pandora's counters work unchanged.
 *
 * - Unlike Pandora, it serves only this machine, unless a host is given, and omits the arguments of the command line.
 * - Errors with `ELPIS_LISTEN` when the port cannot be opened.
 */
export function serveExpvar({ port, host = LOOPBACK, onListening }: ExpvarOptions): RunObserver {
  const hint = 'choose another port, such as monitoring.expvar.port';
  const served = { name: 'expvar', path: '/debug/vars', contentType: 'application/json; charset=utf-8' };
  return servedText({ ...served, port, host, hint, onListening }, () => {
    const tally = new Tally();
    return { add: (event) => tally.see(event), text: () => `${JSON.stringify(page(tally))}\n` };
  });
}

/** The page in Go's form. */
function page(tally: Tally): object {
  const { rss, heapTotal, heapUsed } = process.memoryUsage();
  const memstats = { Sys: rss, HeapSys: heapTotal, HeapAlloc: heapUsed };
  return { cmdline: CMDLINE, memstats, ...tally.counters() };
}

const inRange = checked(integer, (port) => port >= 0 && port <= 65_535, 'a port from 1 to 65535', 'max', {
  schema: { maximum: 65_535 },
});
/** A port to listen on. 0 is a missing port, as in Pandora. */
export const listeningPort = checked(inRange, (value) => value !== 0, 'a port from 1 to 65535', 'required', {
  schema: { minimum: 1 },
});

/**
 * Serves Pandora's live counters. Selected in a config by `expvar`, or by Pandora's key `monitoring.expvar`.
 *
 * @example
 * run('./load.yaml', { observers: [expvar({ port: 1234 })] }).subscribe();
 */
export const expvar = component({
  kind: 'observer',
  name: 'expvar',
  summary: "Serves Pandora's live counters over HTTP at /debug/vars.",
  example: { port: 1234 },
  options: struct('expvar', {
    /** The port. */
    port: optional(listeningPort, 1234, 'the port'),
    /** The address to listen on; 0.0.0.0 is all interfaces. */
    host: optional(nonEmpty, LOOPBACK, 'the address to listen on; 0.0.0.0 is all interfaces'),
  }),
  create: (options) => serveExpvar(options),
  describe: ({ host, port }) => `expvar on ${host}:${port}`,
});
