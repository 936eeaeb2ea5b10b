import type { AnyComponent } from '../plugin/anyComponent.js';
import { fileSink, fileSource } from './file.js';
import { inlineSource } from './inline.js';
import { stderrSink, stdinSource, stdoutSink } from './std.js';
import { urlSource } from './url.js';

/** The sinks that text can name in the options of a component: `stdout`, `stderr` or a path. */
export const SINKS: readonly AnyComponent[] = [fileSink, stdoutSink, stderrSink];

/** The sources that text can name in the options of a component: `stdin`, an address or a path. */
export const SOURCES: readonly AnyComponent[] = [fileSource, stdinSource, inlineSource, urlSource];
