// Runs spec files in one process, one after another. Each is a suite with the name of the file, so its hooks are its own.
// Usage: node --import tsx --import ./scripts/testLimits.mjs scripts/specGroup.mjs FILE...
import { resolve } from 'node:path';
import { describe } from 'node:test';
import { pathToFileURL } from 'node:url';

for (const file of process.argv.slice(2)) describe(file, () => import(pathToFileURL(resolve(file)).href));
