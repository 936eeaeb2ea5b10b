import { optional } from '../../codec/optional.js';
import { struct } from '../../codec/struct.js';
import { text } from '../../codec/text.js';
import { defineComponent } from '../../plugin/defineComponent.js';
import type { HttpAmmo } from '../../protocols/httpAmmo.js';
import { canonicalName } from './canonicalName.js';
import { dateFormatter } from './dateFormatter.js';
import { timeZone } from './timeZone.js';

/** The `header/date` middleware: adds a header with the time at which the ammo is taken. */
export const headerDateMiddleware = defineComponent({
  kind: 'middleware',
  name: 'header/date',
  summary: 'Adds a header with the time at which the request is taken.',
  codec: () =>
    struct('header/date', {
      location: optional(timeZone, 'UTC', 'time zone of the clock'),
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
});
