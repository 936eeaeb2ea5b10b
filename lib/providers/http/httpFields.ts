import { atLeast } from '../../codec/atLeast.js';
import { flag } from '../../codec/flag.js';
import { integer } from '../../codec/integer.js';
import { listOf } from '../../codec/listOf.js';
import { optional } from '../../codec/optional.js';
import { text } from '../../codec/text.js';
import { unsigned } from '../../codec/unsigned.js';
import type { Chosen } from '../../plugin/chosen.js';
import type { PluginCodecs } from '../../plugin/descriptor.js';
import type { Header } from './header.js';
import { headerItem } from './headerItem.js';

const NO_SOURCE: Chosen<'source'> | undefined = undefined;
const NO_TEXTS: readonly string[] = [];
const NO_HEADERS: readonly Header[] = [];
const NO_MIDDLEWARES: readonly Chosen<'middleware'>[] = [];

/** The config keys of every provider of HTTP ammo. */
export const httpFields = (plugins: PluginCodecs) => ({
  file: optional(plugins.source, NO_SOURCE, 'where the ammo is: a path, stdin, a URL, or a data source'),
  uris: optional(listOf(text), NO_TEXTS, 'the lines of a uri file, instead of the file'),
  headers: optional(listOf(headerItem), NO_HEADERS, 'headers of all requests, such as "[Name: value]"'),
  limit: optional(unsigned, 0, 'how many items are read; 0 for all'),
  passes: optional(unsigned, 0, 'how many times the file is read; 0 for endlessly'),
  chosenCases: optional(listOf(text), NO_TEXTS, 'only items with one of these tags', 'chosencases'),
  preload: optional(flag, false, 'read the whole file first, then repeat it from memory'),
  middlewares: optional(listOf(plugins.middleware), NO_MIDDLEWARES, 'change each request when it is taken'),
  maxAmmoSize: optional(integer, 0, 'longest item in bytes; 0 for the default of the format', 'maxammosize'),
  continueOnError: optional(flag, false, 'skip bad items, count and log them', 'continueonerror'),
  ammoQueueSize: optional(atLeast(integer, 1), 8192, 'how many items are decoded ahead'),
});
