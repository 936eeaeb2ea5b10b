export { marbles } from '../../lib/testing/marbles.js';
