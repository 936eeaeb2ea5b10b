import type { Readable, Writable } from 'node:stream';
import { from, ignoreElements, ReplaySubject, switchMap } from 'rxjs';
import { struct } from '../codec/struct.js';
import type { RunEvent, RunObserver } from '../engine/runEvent.js';
import { component } from '../plugin/component.js';
import { lazily } from '../plugin/lazily.js';
import type { ShowScreenOptions } from './screen/showScreen.js';

const code = lazily(() => import('./screen/showScreen.js'));

/** A screen of which the code is loaded at its first use; events wait for it. */
function loadedScreen(options: ShowScreenOptions): RunObserver {
  return (events, handle) => {
    if (code.value !== undefined) return code.value.showScreen(options)(events, handle);
    const waiting = new ReplaySubject<RunEvent>();
    events.subscribe(waiting);
    return from(code.load()).pipe(switchMap(({ showScreen }) => showScreen(options)(waiting, handle)));
  };
}

const isTerminal = (stream: Readable | Writable): boolean => (stream as { readonly isTTY?: boolean }).isTTY === true;

/**
 * Shows the run on the whole terminal, with keys that steer it; without a terminal it shows nothing. Selected in a config by `screen`, and
 * by `elpis run` on a terminal.
 *
 * @example
 * run('./load.yaml', { observers: [screen()] }).subscribe();
 */
export const screen = component({
  kind: 'observer',
  name: 'screen',
  summary: 'Shows the run on the whole terminal, with keys that steer it.',
  example: {},
  load: code.load,
  options: struct('screen', {}),
  create: (_options, { stdin, stdout, stderr }): RunObserver =>
    isTerminal(stderr)
      ? loadedScreen({
          stream: stderr,
          others: [stdout, stderr].filter(isTerminal),
          ...(isTerminal(stdin) ? { stdin } : {}),
        })
      : (events) => events.pipe(ignoreElements()),
  traits: () => ({ steers: true }),
});
