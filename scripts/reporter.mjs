// A reporter for node's test runner: failures in full, then the one line that CI reads.
export default async function* report(source) {
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  const started = performance.now();
  for await (const { type, data } of source) {
    if (data?.details?.type === 'suite') continue;
    if (type === 'test:pass') data.skip === undefined ? passed++ : skipped++;
    if (type === 'test:fail') {
      failed++;
      const error = data.details.error;
      yield `\n✖ ${data.name}\n  ${data.file ?? ''}:${data.line ?? ''}\n${error?.cause?.stack ?? error?.stack ?? error}\n`;
      if (error?.cause?.message !== undefined) yield `${error.cause.message}\n`;
    }
    if (type === 'test:stderr') yield data.message;
  }
  yield `\nspecs took ${((performance.now() - started) / 1000).toFixed(1)} s\n`;
  yield `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`;
}
