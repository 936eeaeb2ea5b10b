import { constPlan } from '../../../lib/schedules/const.js';
import type { Command } from '../../../operators/ticks/command.js';

export const every4ms = constPlan({ ops: 250, duration: 16e6 });

export interface Step {
  readonly after: number;
  readonly order: Command;
}
