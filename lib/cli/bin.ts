#!/usr/bin/env node
import type { EventEmitter } from 'node:events';
import * as module from 'node:module';
import { endProcess } from './processEnd.js';
import type { SignalSource } from './signals.js';
import { sourceStack } from './sourceStack.js';
import type { Watchdog } from './watchdog.js';

// Caches the code that V8 has compiled for the next start, with Node 22.1 and later.
(module as { enableCompileCache?: () => unknown }).enableCompileCache?.();
process.on('uncaughtExceptionMonitor', (error: unknown) => {
  if (error instanceof Error) error.stack = sourceStack(error);
});

// A command that listens for signals is watched: a second one ends the process, also while its event loop is blocked.
const watchdog = new Promise<Watchdog | undefined>((resolve) => {
  process.once('newListener', function watch(event: string | symbol) {
    if (event !== 'SIGINT') process.once('newListener', watch);
    else
      void import('./watchdog.js').then(({ startWatchdog }) => startWatchdog()).then(resolve, () => resolve(undefined));
  });
});
const emitter: EventEmitter = process;
const signals: SignalSource = {
  addListener: (event, listener) => emitter.addListener(event, listener),
  removeListener: (event, listener) => emitter.removeListener(event, listener),
  watched: watchdog.then(() => undefined),
  onTerminal: (restore) => void watchdog.then((started) => started?.restores(restore)),
};

/** An error that no command has printed. */
function unexpected(error: unknown): void {
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'EMFILE') {
    process.stderr.write(
      `ERROR  this process may not have so many files open: ${(error as Error).message}\nhint   ulimit -n 1024 before the start\n`,
    );
    endProcess(2, process);
    return;
  }
  const text = error instanceof Error ? sourceStack(error) : String(error);
  process.stderr.write(`ERROR  unexpected error, please report it\n${text}\n`);
  endProcess(1, process);
}

process.exitCode = 1;
import('./main.js')
  .then(({ main }) => main(process.argv.slice(2), process, signals))
  .then((code) => endProcess(code, process), unexpected);
