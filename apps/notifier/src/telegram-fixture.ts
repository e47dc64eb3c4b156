/** People of a fake Telegram, as far as tests of several files do the same things with them. */
import { createHash, randomBytes } from 'node:crypto';
import { type NotifierUnderTest } from './notifier-fixture';

export const QUESTION = 'Review your process description. Do you need to update it?';
/** Long enough for a clock that a test moves. */
const YEARS_MS = 10 * 365 * 86_400_000;

/** A code, and what the registry says of it. */
export function invitationOf(validMs = YEARS_MS): {
  code: string;
  invitation: { codeHash: string; expiresAt: string };
} {
  const code = randomBytes(16).toString('base64url');
  const codeHash = createHash('sha256').update(code).digest('hex');
  return { code, invitation: { codeHash, expiresAt: new Date(Date.now() + validMs).toISOString() } };
}

/** What the registry does when an admin invites somebody. @returns the code that the link ends in */
export async function invite(notifier: NotifierUnderTest, handle: string, validMs = YEARS_MS): Promise<string> {
  const { code, invitation } = invitationOf(validMs);
  await notifier.person(handle, { invitation });
  return code;
}

/** What of a fake Telegram's person linking needs. */
interface Starter {
  readonly id: number;
  start(payload: string): unknown;
}

/** Links a person, and waits until the bot has said so. */
export async function link(
  notifier: NotifierUnderTest,
  telegram: { waitForMessage(chatId: number, fits: (message: { text: string }) => boolean): Promise<unknown> },
  handle: string,
  user: Starter,
): Promise<void> {
  user.start(await invite(notifier, handle));
  await telegram.waitForMessage(user.id, ({ text }) => text.startsWith('You are linked'));
}
