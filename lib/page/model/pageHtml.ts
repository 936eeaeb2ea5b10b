/** The parts of a page. */
export interface PageParts {
  readonly script: string;
  readonly style: string;
  /** The content security policy, with the hashes of the script and the style. */
  readonly policy: string;
  readonly title: string;
  /** The compressed events of a run, in base64; undefined for a live page. */
  readonly data: string | undefined;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (char) => ENTITIES[char] as string);

/** The page as HTML. The server, the report and the page itself, when it saves what it shows, make the same file. */
export function pageHtml({ script, style, policy, title, data }: PageParts): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="referrer" content="no-referrer">',
    '<link rel="icon" href="data:,">',
    `<title>${escaped(title)}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    '<div id="page"></div>',
    '<noscript>This page needs JavaScript.</noscript>',
    // A block of data, which no browser executes. Base64 has no character that ends it.
    ...(data === undefined ? [] : [`<script type="application/octet-stream" id="run">${data}</script>`]),
    `<script>${script}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}
