import type { Extractor } from './extractor.js';

/** The value of a cookie that the visitor has for the root of the target. @example extract({ session: cookie('sid') }) */
export function cookie(name: string): Extractor<string> {
  return (_response, { stage }) => {
    const { cookies, transport } = stage.production.visitor;
    return cookies?.value(name, `${transport.origin}/`, stage.now());
  };
}
