#!/usr/bin/env node
import * as module from 'node:module';
import { endProcess, startWatchdog } from './processEnd.js';
import { sourceStack } from './sourceStack.js';

// Caches the code that V8 has compiled for the next start, with Node 22.1 and later.
(module as { enableCompileCache?: () => unknown }).enableCompileCache?.();
process.on('uncaughtExceptionMonitor', (error: unknown) => {
  if (error instanceof Error) error.stack = sourceStack(error);
});

// A command that listens for signals is watched: a second one ends the process, also while its event loop is blocked.
process.once('newListener', function watch(event: string | symbol) {
  if (event === 'SIGINT') startWatchdog();
  else process.once('newListener', watch);
});

process.exitCode = 1;
const { main } = await import('./main.js');
main(process.argv.slice(2), process, process).then(
  (code) => endProcess(code, process),
  (error: unknown) => {
    const text = error instanceof Error ? sourceStack(error) : String(error);
    process.stderr.write(`ERROR  unexpected error, please report it\n${text}\n`);
    endProcess(1, process);
  },
);
