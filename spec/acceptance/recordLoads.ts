/**
 * Appends the time and the name of each module that the main thread loads, by both loaders of Node, to the file in
 * `LOADS`.
 */
export const RECORD_LOADS = `import { appendFileSync } from 'node:fs';
import Module, { register } from 'node:module';
import { isMainThread } from 'node:worker_threads';
if (isMainThread) {
  const note = (name) => appendFileSync(process.env.LOADS, Date.now() + ' ' + name + '\\n');
  const load = Module._load;
  Module._load = function (name, ...rest) {
    note(name);
    return load.call(this, name, ...rest);
  };
  const hooks = \`import { appendFileSync } from 'node:fs';
  export async function load(url, context, next) {
    appendFileSync(\${JSON.stringify(process.env.LOADS)}, Date.now() + ' ' + url + '\\\\n');
    return next(url, context);
  }\`;
  register('data:text/javascript,' + encodeURIComponent(hooks));
}
`;
