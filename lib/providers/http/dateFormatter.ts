import type { EpochMs } from '../../core/units.js';

const FIELDS = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const;

/**
 * Writes moments in the form of RFC 9110, 5.6.7, such as `Sun, 06 Nov 1994 08:49:37 GMT`, by the clock of a time zone. The
 * last word is always GMT, as in the original, even though the clock may be another one. A second is written only once.
 */
export function dateFormatter(timeZone: string): (moment: EpochMs) => string {
  const parts = new Intl.DateTimeFormat('en-US', { ...FIELDS, second: 'numeric', hourCycle: 'h23', timeZone });
  const shown = (moment: EpochMs): string => {
    const field = new Map(parts.formatToParts(moment).map(({ type, value }) => [type, Number(value)]));
    const get = (name: Intl.DateTimeFormatPartTypes): number => field.get(name) as number;
    const [month, hour] = [get('month') - 1, get('hour')];
    return new Date(Date.UTC(get('year'), month, get('day'), hour, get('minute'), get('second'))).toUTCString();
  };
  let lastSecond = Number.NaN;
  let lastText = '';
  return (moment) => {
    const second = Math.floor(moment / 1000);
    if (second === lastSecond) return lastText;
    lastSecond = second;
    lastText = shown(second * 1000);
    return lastText;
  };
}
