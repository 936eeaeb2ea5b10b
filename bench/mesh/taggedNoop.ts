import { noopWith } from '../engine/noopComponent.js';

/** The no-op gun with 100 tags. */
export default noopWith(({ index }) => `tag ${index % 100}`);
