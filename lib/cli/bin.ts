#!/usr/bin/env node
import { main } from './main.js';

process.exitCode = 1;
main(process.argv.slice(2), process, process).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(
      `elpis: unexpected error, please report it\n${error instanceof Error ? error.stack : error}\n`,
    );
  },
);
