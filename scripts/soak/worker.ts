// The thread in which the fuzzers run; soak.ts watches it from beside it.
import { FUZZERS } from './fuzzers.js';
import { playRounds } from './rounds.js';

await playRounds(FUZZERS);
