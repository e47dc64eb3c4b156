import { eventually, type FakeTelegram, type FakeUser } from '@recert/testing';
import { type Doors } from './doors';

const PATIENCE_MS = 60_000;

/** Invites a person and follows the invitation, until the bot says that they are linked. @returns the invitation's url */
export async function linkPerson(
  doors: Doors,
  telegram: FakeTelegram,
  handle: string,
  user: FakeUser,
): Promise<string> {
  // The bot must be up before it can be named in an invitation.
  const { url } = await eventually(() => doors.invite(handle), PATIENCE_MS);
  user.start(new URL(url).searchParams.get('start')!);
  await telegram.waitForMessage(user.id, ({ text }) => /linked/i.test(text), PATIENCE_MS);
  return url;
}

/** The one-time link that the bot gives for /login. */
export async function loginLinkOf(telegram: FakeTelegram, user: FakeUser): Promise<string> {
  user.send('/login');
  const answer = await telegram.waitForMessage(user.id, ({ text }) => text.includes('/login#'));
  return /\S+\/login#\S+/.exec(answer.text)![0];
}
