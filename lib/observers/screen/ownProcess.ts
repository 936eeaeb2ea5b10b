import { Subscription } from 'rxjs';
import type { ScreenProcess } from './screenRun.js';

/** The process of the terminal: the only place where the screen knows it. */
export const ownProcess: ScreenProcess = {
  signal: (name) => {
    process.kill(process.pid, name);
  },
  on: (event, listener) => {
    process.on(event, listener);
    return new Subscription(() => process.off(event, listener));
  },
};
