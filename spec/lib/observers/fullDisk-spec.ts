import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe, it } from 'node:test';
import { lastValueFrom, Subject } from 'rxjs';
import type { RunEvent, RunObserver } from '../../../lib/engine/runEvent.js';
import { writeJunitTo } from '../../../lib/observers/junit.js';
import { appendMarkdownTo } from '../../../lib/observers/markdown.js';
import { writeReportTo } from '../../../lib/observers/report.js';
import { writeSummaryTo } from '../../../lib/observers/summaryJson.js';
import { FakeRunHandle } from '../../../lib/testing/index.js';
import { someRun } from './outputs/someRun.js';

/** Every write to it fails with ENOSPC. */
const FULL = '/dev/full';
const PAGE = { script: 'page();', style: 'p {}' };

const observers: readonly (readonly [name: string, make: () => RunObserver])[] = [
  ['junit', () => writeJunitTo({ file: FULL })],
  ['markdown', () => appendMarkdownTo({ file: FULL })],
  ['summary-json', () => writeSummaryTo({ file: FULL })],
  ['report', () => writeReportTo({ file: FULL, files: PAGE })],
];

describe('on a full disk', { skip: existsSync(FULL) ? false : 'there is no /dev/full' }, () => {
  for (const [name, make] of observers)
    it(`the observer ${name} takes all events, and then errors with the file and the reason`, async () => {
      const events = new Subject<RunEvent>();
      let errors = 0;
      const observing = make()(events, new FakeRunHandle());
      const ended = lastValueFrom(observing, { defaultValue: undefined }).catch((error: unknown) => {
        errors++;
        return error;
      });
      for (const event of someRun(2)) {
        events.next(event);
        assert.equal(errors, 0);
      }
      events.complete();
      const error = (await ended) as Error & { readonly code?: string };
      assert.equal(error.code, 'ELPIS_SINK');
      assert.match(error.message, /^cannot (write|append to) \/dev\/full: .*ENOSPC/);
    });
});
