/** Ways besides Telegram on which the admins can be told something. */
export const ways = ['ntfy', 'mail'] as const;
export type Way = (typeof ways)[number];

/** As ntfy counts it: what wakes people at night is 5. */
export const Urgency = { low: 2, normal: 3, high: 4, highest: 5 } as const;
export type Urgency = (typeof Urgency)[keyof typeof Urgency];

/** What is said on a way. */
export interface FallbackMessage {
  readonly urgency: Urgency;
  /** ASCII, one line: it goes into a header. */
  readonly title: string;
  readonly text: string;
}

/** Why it is said: news of an outage, its end, "I am alive", or somebody's test. */
export type FallbackKind = 'news' | 'end' | 'alive' | 'test';

/** A message in the hands of its sender. */
export interface ClaimedFallback extends FallbackMessage {
  readonly id: number;
  readonly way: Way;
  readonly kind: FallbackKind;
  readonly createdAt: Date;
  readonly attempts: number;
}

/** The other side does not take it, and will not take it when it is sent again as it is. The message has no secrets. */
export class FallbackRefused extends Error {
  override readonly name = 'FallbackRefused';
}

/** A way on which messages are sent. */
export interface FallbackWay {
  readonly way: Way;
  /**
   * May take 15 s.
   * @throws FallbackRefused, or any other error where trying again may help; its message has no secrets
   */
  send(message: ClaimedFallback): Promise<void>;
}
