// A reporter for node's test runner: failures in full as they come, and the counts, as JSON, in the file that SPEC_COUNTS names.
// It runs in the process of a group of spec files, each of which is a suite (see specGroup.mjs), and sends scripts/spec.mjs where it is.
import { writeFileSync } from 'node:fs';

/** A suite that failed only because something inside it failed is not a failure of its own. */
const onlyInside = (error) => error?.failureType === 'subtestsFailed';

function inFull({ name, details }, file) {
  const { error } = details;
  const cause = error?.cause;
  const text = cause?.stack ?? cause ?? error?.stack ?? error;
  const message = cause?.message !== undefined && !String(text).includes(cause.message) ? `\n${cause.message}` : '';
  return `\n✖ ${name}\n  ${file}\n${text}${message}\n`;
}

const send = (message) => process.connected && process.send(message);

export default async function* report(source) {
  // The channel to spec.mjs does not keep a file running that is done.
  process.channel?.unref();
  const counts = { passed: 0, failed: 0, skipped: 0 };
  let running = 0;
  let file = '';
  let tests = 0;
  for await (const { type, data } of source) {
    if (type === 'test:dequeue') {
      if (data.nesting === 0) [file, tests] = [data.name, 0];
      else tests++;
      send({ running: ++running, name: data.name, counts });
    }
    const suite = data?.details?.type === 'suite';
    if (type === 'test:pass' && !suite) {
      if (data.skip !== undefined) {
        counts.skipped++;
        yield `\n- skipped: ${data.name}${typeof data.skip === 'string' ? ` (${data.skip})` : ''}\n`;
      } else counts.passed++;
    }
    if (type === 'test:fail' && !(onlyInside(data.details.error) && suite)) {
      counts.failed++;
      yield inFull(data, file);
    }
    if (type === 'test:pass' && data.nesting === 0 && tests === 0) {
      counts.failed++;
      yield `\n✖ ${file} holds no tests\n`;
    }
    if (type === 'test:pass' || type === 'test:fail') send({ running: --running, name: data.name, counts });
    if (type === 'test:stderr' || type === 'test:stdout') yield data.message;
  }
  if (process.env.SPEC_COUNTS !== undefined) writeFileSync(process.env.SPEC_COUNTS, JSON.stringify(counts));
}
