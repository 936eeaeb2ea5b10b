import type { Codec } from '../../codec/issue.js';
import { scalar, text } from '../../codec/scalars.js';
import { optional, struct } from '../../codec/struct.js';
import type { EpochMs } from '../../core/units.js';
import { component } from '../../plugin/component.js';
import { canonicalName } from '../../protocols/headerName.js';
import type { HttpAmmo } from '../../protocols/http.js';

const FIELDS = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const;

/**
 * Writes moments in the form of RFC 9110, 5.6.7, such as `Sun, 06 Nov 1994 08:49:37 GMT`, by the clock of a time zone.
 * The text always ends in GMT, as in Pandora, also for another time zone. Each text is made once per second.
 */
function dateFormatter(timeZone: string): (moment: EpochMs) => string {
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

function exists(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    // Node throws a RangeError for an unknown zone.
    return false;
  }
}

/** The name of a time zone in the IANA database, `UTC` (also when empty), or `Local` for the zone of this machine. */
const timeZone: Codec<string, string> = scalar(
  { name: 'a time zone such as Europe/Berlin', schema: { type: 'string' } },
  (written) => {
    if (typeof written !== 'string') return { code: 'wrong-type' };
    if (written === '') return { value: 'UTC' };
    if (written === 'Local') return { value: Intl.DateTimeFormat().resolvedOptions().timeZone };
    // Newer versions of Node accept offsets such as +03:00 too; older ones and Pandora do not.
    if (/^[+-]/.test(written) || !exists(written))
      return { code: 'bad-time-zone', hint: 'see the IANA time zone database' };
    return { value: written };
  },
);

/** The `header/date` middleware: adds a header with the time at which the ammo is taken. @example headerDate() */
export const headerDate = component({
  kind: 'middleware',
  name: 'header/date',
  summary: 'Adds a header with the time at which the request is taken.',
  example: { location: 'Europe/Berlin', headerName: 'X-Sent' },
  options: struct('header/date', {
    /** Time zone of the clock. */
    location: optional(timeZone, 'UTC', 'time zone of the clock'),
    /** Name of the header. */
    headerName: optional(text, 'Date', 'name of the header', 'headername'),
  }),
  create: ({ location, headerName }, { scheduler }) => {
    const written = dateFormatter(location);
    const name = canonicalName(headerName === '' ? 'Date' : headerName);
    return (ammo: HttpAmmo): HttpAmmo => {
      const headers = [...ammo.request.headers, [name, written(scheduler.now())] as const];
      return { ...ammo, request: { ...ammo.request, headers } };
    };
  },
  traits: () => ({ takes: ['http'] }),
});
