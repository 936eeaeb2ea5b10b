import type { FrameMessage, SubscriptionFrames } from './frameMessage.js';
import type { Legend } from './legend.js';
import type { Cells } from './timeline.js';

function marksOf({ notification }: FrameMessage, legend: Legend): string {
  if (notification.kind === 'N') return legend.markOf(notification.value);
  return notification.kind === 'C' ? '|' : '#';
}

/** The marks of a stream, by frame. */
export function cellsOf(messages: readonly FrameMessage[], legend: Legend): Cells {
  const marks = new Map<number, string>();
  for (const message of messages) {
    marks.set(message.frame, (marks.get(message.frame) ?? '') + marksOf(message, legend));
  }
  return new Map([...marks].map(([frame, all]) => [frame, all.length > 1 ? `(${all})` : all]));
}

/** The marks of a subscription: `^` where it begins, `!` where it ends. */
export function subscriptionCells({ subscribedFrame, unsubscribedFrame }: SubscriptionFrames): Cells {
  const ends = Number.isFinite(unsubscribedFrame) && unsubscribedFrame !== subscribedFrame;
  const begins: [number, string] = [subscribedFrame, unsubscribedFrame === subscribedFrame ? '(^!)' : '^'];
  return new Map(Number.isFinite(subscribedFrame) ? (ends ? [begins, [unsubscribedFrame, '!']] : [begins]) : []);
}
