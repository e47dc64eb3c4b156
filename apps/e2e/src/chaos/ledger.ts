/** A webhook as its service has it. */
export interface TakenIn {
  readonly id: string;
  readonly service: string;
  readonly isHandled: boolean;
  readonly isDead: boolean;
}
export interface Said {
  readonly id: string;
  readonly service: string;
  readonly subject: string;
  readonly isPublished: boolean;
  /** The event or webhook that it follows from. */
  readonly causeId: string | null;
}
export interface Handled {
  readonly consumer: string;
  readonly eventId: string;
}
export interface Letter extends Handled {
  readonly id: string;
}
export interface Notification {
  readonly id: string;
  readonly chatId: number;
  readonly text: string;
  readonly isEdit: boolean;
  readonly state: string;
  readonly messageId: number | null;
}

/** What all services have written down: each table is the word of one of them. */
export interface Ledger {
  readonly intake: readonly TakenIn[];
  readonly outbox: readonly Said[];
  readonly inbox: readonly Handled[];
  /** Also those that were replayed. */
  readonly letters: readonly Letter[];
  /** The dead letters that the services have told of, by their ids. */
  readonly toldLetters: readonly string[];
  /** The handlers that were registered, by their durable names, with what they take. */
  readonly consumers: ReadonlyMap<string, string>;
  readonly notifications: readonly Notification[];
}

/** What those outside have seen. */
export interface Outside {
  /** The ids that senders were answered. */
  readonly accepted: readonly string[];
  /** Each message that a chat has got, once for each time it was sent. */
  readonly messages: readonly { readonly chatId: number; readonly id: number | null; readonly text: string }[];
}

/** Each a sentence that names its row. */
export interface Audit {
  /** What one side has and the other has not. */
  readonly orphans: readonly string[];
  /** What is on its way. */
  readonly pending: readonly string[];
}

/**
 * Compares in both directions: what was accepted with what became of it, and what is there with where it came from.
 * What was published a moment ago and is not handled yet counts among the orphans: ask again until it has settled.
 */
export function auditLedger(ledger: Ledger, { accepted, messages }: Outside): Audit {
  const { intake, outbox, notifications } = ledger;
  const known = new Set([...intake.map(({ id }) => id), ...outbox.map(({ id }) => id)]);
  const keptIntake = new Set(intake.map(({ id }) => id));
  return {
    orphans: [
      ...accepted.filter((id) => !keptIntake.has(id)).map((id) => `webhook ${id} was accepted and is in no intake`),
      ...goneLetters(ledger),
      ...outbox
        .filter(({ causeId }) => causeId !== null && !known.has(causeId))
        .map(({ subject, id, causeId }) => `${subject} ${id} follows from ${causeId}, which nobody has`),
      ...unhandled(ledger),
      ...ghosts(ledger),
      ...unsaid(notifications, messages),
    ],
    pending: [
      ...intake.filter(({ isHandled }) => !isHandled).map(({ service, id }) => `webhook ${id} of ${service}`),
      ...outbox.filter(({ isPublished }) => !isPublished).map(({ subject, id }) => `${subject} ${id}`),
      ...notifications
        .filter(({ state }) => state === 'waiting' || state === 'sending')
        .map(({ id, chatId }) => `message ${id} to ${chatId}`),
    ],
  };
}

function goneLetters({ intake, letters, toldLetters }: Ledger): string[] {
  const kept = new Set(letters.map(({ eventId }) => eventId));
  const ids = new Set(letters.map(({ id }) => id));
  return [
    ...intake
      .filter(({ id, isDead }) => isDead && !kept.has(id))
      .map(({ id, service }) => `webhook ${id} was given up by ${service} and is no dead letter`),
    ...toldLetters.filter((id) => !ids.has(id)).map((id) => `dead letter ${id} was told of and is gone`),
  ];
}

const keyOf = ({ consumer, eventId }: Handled): string => `${consumer} ${eventId}`;

function unhandled({ outbox, inbox, letters, consumers }: Ledger): string[] {
  const settled = new Set([...inbox, ...letters].map(keyOf));
  const takers = new Map<string, string[]>();
  for (const [consumer, subject] of consumers) takers.set(subject, [...(takers.get(subject) ?? []), consumer]);
  return outbox
    .filter(({ isPublished }) => isPublished)
    .flatMap(({ id, subject }) =>
      (takers.get(subject) ?? [])
        .filter((consumer) => !settled.has(keyOf({ consumer, eventId: id })))
        .map((consumer) => `${subject} ${id} was published and ${consumer} has not handled it`),
    );
}

function ghosts({ outbox, inbox }: Ledger): string[] {
  const said = new Set(outbox.map(({ id }) => id));
  return inbox
    .filter(({ eventId }) => !said.has(eventId))
    .map(({ consumer, eventId }) => `${consumer} has handled ${eventId}, which is in no outbox`);
}

/** What it says beneath its first line may have changed between two attempts to send it. */
const firstLine = (chatId: number, text: string): string => `${chatId} ${text.split('\n')[0]!.trim()}`;

function unsaid(notifications: readonly Notification[], messages: Outside['messages']): string[] {
  const wanted = new Set(notifications.map(({ chatId, text }) => firstLine(chatId, text)));
  const there = new Set(messages.map(({ chatId, id }) => `${chatId} ${id}`));
  return [
    ...messages
      .filter(({ chatId, text }) => !wanted.has(firstLine(chatId, text)))
      .map(({ chatId, text }) => `a message in ${chatId} is of no notification: ${text.split('\n')[0]}`),
    ...notifications
      .filter(
        ({ state, isEdit, chatId, messageId }) => state === 'sent' && !isEdit && !there.has(`${chatId} ${messageId}`),
      )
      .map(({ id, chatId }) => `message ${id} is said to be sent and is not in ${chatId}`),
  ];
}
