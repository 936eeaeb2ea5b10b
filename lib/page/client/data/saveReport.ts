import { eventsToWire } from '../../model/eventWire.js';
import { pageHtml } from '../../model/pageHtml.js';
import type { Store } from './store.js';

/** The bytes as base64, in parts that fit into a call. */
function base64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text);
}

/** Saves the page with the data that it has as one HTML file, which is the report of the run so far. */
export async function saveReport({ kept, model }: Store): Promise<void> {
  const plain = new Blob([eventsToWire(kept.events())]).stream();
  const packed = await new Response(plain.pipeThrough(new CompressionStream('deflate-raw'))).arrayBuffer();
  const policy = document.querySelector<HTMLMetaElement>('meta[http-equiv]')?.content ?? '';
  const html = pageHtml({
    script: document.querySelector('body > script:not([type])')?.textContent ?? '',
    style: document.querySelector('style')?.textContent ?? '',
    policy: policy.replace(/connect-src [^;]+/, "connect-src 'none'"),
    title: `${model.view.pools.map(({ id }) => id).join(', ')} - Elpis report`,
    data: base64(new Uint8Array(packed)),
  });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([html], { type: 'text/html' }));
  link.download = 'elpis-report.html';
  link.click();
  URL.revokeObjectURL(link.href);
}
