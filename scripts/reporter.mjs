// A reporter for node's test runner: failures in full as they come, and the counts, as JSON, in the
// file that SPEC_COUNTS names. scripts/spec.mjs prints the totals.
import { writeFileSync } from 'node:fs';

/** A suite or test that failed only because something inside it failed is not a failure of its own. */
const onlyInside = (error) => error?.failureType === 'subtestsFailed';

/** A file without tests, and a file that crashed before its first test, are told as a test with the file's name. */
const isFile = (name) => /-spec\.ts$/.test(name);

function inFull({ name, file, line, details }) {
  const { error } = details;
  const cause = error?.cause;
  const text = cause?.stack ?? cause ?? error?.stack ?? error;
  const message = cause?.message !== undefined && !String(text).includes(cause.message) ? `\n${cause.message}` : '';
  return `\n✖ ${name}\n  ${file ?? ''}:${line ?? ''}\n${text}${message}\n`;
}

export default async function* report(source) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for await (const { type, data } of source) {
    const suite = data?.details?.type === 'suite';
    if (type === 'test:pass' && !suite) {
      if (data.skip !== undefined) {
        counts.skipped++;
        yield `\n- skipped: ${data.name}${typeof data.skip === 'string' ? ` (${data.skip})` : ''}\n`;
      } else if (isFile(data.name)) {
        counts.failed++;
        yield `\n✖ ${data.name} holds no tests\n`;
      } else counts.passed++;
    }
    if (type === 'test:fail' && !(onlyInside(data.details.error) && (suite || !isFile(data.name)))) {
      counts.failed++;
      yield inFull(data);
    }
    if (type === 'test:stderr' || type === 'test:stdout') yield data.message;
  }
  if (process.env.SPEC_COUNTS !== undefined) writeFileSync(process.env.SPEC_COUNTS, JSON.stringify(counts));
}
