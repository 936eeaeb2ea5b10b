import { playRounds } from '../../../scripts/soak/rounds.js';
import { PLANTED } from './planted.js';

await playRounds(PLANTED);
