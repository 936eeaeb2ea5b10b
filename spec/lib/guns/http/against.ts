import { http } from '../../../../lib/guns/http/gun.js';
import { againstBy } from '../against.js';

export { OK, type Script, say } from '../against.js';

export const against = againstBy(http);
