/** The certificate of the bundled target, for servers of specs. */
export { selfSigned } from '../../../lib/target/protocols.js';
