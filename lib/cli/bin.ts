#!/usr/bin/env node
import * as module from 'node:module';
import { sourceStack } from './sourceStack.js';

// Caches the code that V8 has compiled for the next start, with Node 22.1 and later.
(module as { enableCompileCache?: () => unknown }).enableCompileCache?.();
process.on('uncaughtExceptionMonitor', (error: unknown) => {
  if (error instanceof Error) error.stack = sourceStack(error);
});

process.exitCode = 1;
const { main } = await import('./main.js');
main(process.argv.slice(2), process, process).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const text = error instanceof Error ? sourceStack(error) : String(error);
    process.stderr.write(`ERROR  unexpected error, please report it\n${text}\n`);
  },
);
