import type { Context } from './context.js';

const URLS = new Set([
  'action',
  'archive',
  'background',
  'cite',
  'classid',
  'codebase',
  'data',
  'formaction',
  'href',
  'icon',
  'longdesc',
  'manifest',
  'poster',
  'profile',
  'src',
  'usemap',
  'xmlns',
]);
/** Attributes whose meaning a value must not decide. */
const UNSAFE = new Set([
  'accept-charset',
  'async',
  'challenge',
  'charset',
  'content',
  'crossorigin',
  'defer',
  'enctype',
  'form',
  'formenctype',
  'formmethod',
  'formnovalidate',
  'http-equiv',
  'keytype',
  'language',
  'method',
  'novalidate',
  'pattern',
  'rel',
  'sandbox',
  'srcdoc',
  'type',
  'value',
]);

/** What the value of an attribute is, by its name in lower case. */
export function attributeType(written: string): 'plain' | 'url' | 'style' | 'script' | 'srcset' | 'unsafe' {
  let name = written;
  if (name.startsWith('data-')) name = name.slice(5);
  else if (name.includes(':')) {
    if (name.startsWith('xmlns:')) return 'url';
    name = name.slice(name.indexOf(':') + 1);
  }
  if (name === 'style' || name === 'srcset') return name;
  if (URLS.has(name)) return 'url';
  if (UNSAFE.has(name)) return 'unsafe';
  if (name.startsWith('on')) return 'script';
  return /src|uri|url/.test(name) ? 'url' : 'plain';
}

/** The attribute of a tag, for its value. */
export function attributeKind(name: string, element: Context['element']): Context['attr'] {
  if (element === 'script' && name === 'type') return 'script-type';
  if (element === 'meta' && name === 'content') return 'meta-content';
  const type = attributeType(name);
  return type === 'plain' || type === 'unsafe' ? 'none' : type;
}
