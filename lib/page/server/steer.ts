import type { Command } from '../../../operators/ticks/command.js';
import { describeError } from '../../core/errorContext.js';
import type { Millis } from '../../core/units.js';
import type { RunHandle } from '../../engine/runHandle.js';

/** The time that shots under way may take after a soft stop. */
const SOFT_STOP_MS: Millis = 30_000;
/** The longest remark. */
const MAX_REMARK = 500;

/** A command of a page, as it is sent. */
export type PageCommand =
  | { readonly do: 'command'; readonly command: Command; readonly pool?: string }
  | { readonly do: 'stop' }
  | { readonly do: 'abort' }
  | { readonly do: 'annotate'; readonly text: string };

/** Carries out a command of a page. Returns why it is refused, or `undefined`. */
export function steer(handle: RunHandle, body: string): string | undefined {
  try {
    const wanted = JSON.parse(body) as Partial<Record<'do' | 'pool' | 'text', unknown>> & {
      readonly command?: Command;
    };
    switch (wanted.do) {
      case 'command': {
        if (typeof wanted.command !== 'object' || wanted.command === null) return 'expected a command';
        if (wanted.pool !== undefined && typeof wanted.pool !== 'string') return 'expected the id of a pool';
        handle.command(wanted.command, wanted.pool);
        return undefined;
      }
      case 'stop':
        handle.stop(SOFT_STOP_MS, 'stopped from the page');
        return undefined;
      case 'abort':
        handle.stop(0, 'aborted from the page');
        return undefined;
      case 'annotate': {
        const text = typeof wanted.text === 'string' ? wanted.text.trim() : '';
        if (text === '' || text.length > MAX_REMARK) return `expected a remark of 1 to ${MAX_REMARK} characters`;
        handle.annotate(text);
        return undefined;
      }
      default:
        return 'expected command, stop, abort or annotate';
    }
  } catch (error) {
    return describeError(error);
  }
}
