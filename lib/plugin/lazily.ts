/** Code that is loaded when it is needed. */
export interface Lazy<T> {
  /** Loads it; once, however often it is called. */
  load(): Promise<T>;
  /** What was loaded; undefined before. */
  readonly value: T | undefined;
}

/**
 * Code that only one component needs, so that runs without the component start no slower. The component passes `load` on as its own,
 * and a config loads it before it decodes the options of the component.
 *
 * @example
 * const zlib = lazily(() => import('node:zlib'));
 * const nothing = component({
 *   kind: 'aggregator',
 *   name: 'nothing',
 *   summary: 'Packs samples.',
 *   load: zlib.load,
 *   options: struct('nothing', {}),
 *   create: () => (samples) => samples.pipe(tap((sample) => zlib.value?.gzipSync(String(sample))), ignoreElements()),
 * });
 */
export function lazily<T>(load: () => Promise<T>): Lazy<T> {
  let value: T | undefined;
  let loading: Promise<T> | undefined;
  return {
    load: () => {
      loading ??= load().then((loaded) => {
        value = loaded;
        return loaded;
      });
      return loading;
    },
    get value() {
      return value;
    },
  };
}
