import { useCallback, useEffect, useRef } from 'preact/hooks';

/** Text is spoken at most this often, so that a key that is held does not make a queue of old values. */
const SPOKEN_EVERY_MS = 400;

/**
 * A text for readers of the screen, which they speak when it changes and they are silent. It is not visible.
 *
 * @returns The element, and a function that changes its text soon; of several calls until then, the last one counts.
 */
export function useSpoken() {
  const element = useRef<HTMLParagraphElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const next = useRef<() => string>(() => '');
  useEffect(() => () => clearTimeout(timer.current), []);
  const speak = useCallback((text: () => string): void => {
    next.current = text;
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      if (element.current !== null) element.current.textContent = next.current();
    }, SPOKEN_EVERY_MS);
  }, []);
  return { speak, spoken: <p ref={element} class="spoken" aria-live="polite" /> };
}
