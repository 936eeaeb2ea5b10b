/** What RxJS's TestScheduler hands to its assertion for an Observable: a notification and its frame. */
export interface FrameMessage {
  readonly frame: number;
  readonly notification:
    | { readonly kind: 'N'; readonly value: unknown }
    | { readonly kind: 'E'; readonly error: unknown }
    | { readonly kind: 'C' };
}

/** The same for a subscription. */
export interface SubscriptionFrames {
  readonly subscribedFrame: number;
  readonly unsubscribedFrame: number;
}

/** True when a list holds notifications. */
export function isMessages(list: readonly unknown[]): list is readonly FrameMessage[] {
  return list.every((item) => typeof item === 'object' && item !== null && 'frame' in item && 'notification' in item);
}

/** True when a list holds subscriptions. */
export function isSubscriptions(list: readonly unknown[]): list is readonly SubscriptionFrames[] {
  return list.every((item) => typeof item === 'object' && item !== null && 'subscribedFrame' in item);
}
