import { createHmac } from 'node:crypto';
import { eventually, type ChatMessage, type FakeTelegram, type FakeUser } from '@recert/testing';
import { type Doors } from './doors';
import { type Installation, SENTRY_SECRET } from './installation';
import { linkPerson } from './link-person';

const PATIENCE_MS = 60_000;

export interface Product {
  readonly id: string;
  readonly token: string;
}

/** Somebody with the role, linked to the bot. */
export async function linked(
  { doors }: Installation,
  telegram: FakeTelegram,
  person: { readonly handle: string; readonly id: number; readonly roles: readonly string[] },
): Promise<FakeUser> {
  const { handle, id, roles } = person;
  await eventually(
    () => doors.request('POST', '/api/people', { handle, name: handle, roles }).catch(ignoreConflict),
    PATIENCE_MS,
  );
  const user = telegram.user({ id, firstName: handle });
  await linkPerson(doors, telegram, handle, user);
  return user;
}

/** After a kill it is not known whether the first attempt has done it. */
function ignoreConflict(error: unknown): void {
  if (!/^409/.test((error as Error).message)) throw error;
}

export async function registerProduct(doors: Doors, body: Record<string, unknown>): Promise<Product> {
  return doors.request<Product>('POST', '/api/products', body);
}

/** What a sender does: a connection that breaks or a 5xx is tried again. @returns status and id of the answer */
export async function send(
  url: string,
  body: string,
  headers: Record<string, string>,
): Promise<{ status: number; id: string }> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      const response = await fetch(url, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', ...headers },
        signal: AbortSignal.timeout(15_000),
      });
      const { id, detail } = (await response.json()) as { id: string; detail?: string };
      if (response.ok) return { status: response.status, id };
      if (response.status < 500 && response.status !== 429) throw new Error(`refused: ${response.status} ${detail}`);
    } catch (error) {
      if ((error as Error).message.startsWith('refused') || Date.now() > giveUpAt) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export function sendKpis(doors: Doors, { id, token }: Product, body: unknown) {
  const headers = { authorization: `Bearer ${token}` };
  return send(`${doors.addressOf('kpi-ingest')}/hooks/kpi/${id}`, JSON.stringify(body), headers);
}

export function sendAlert(doors: Doors, { token }: Product, body: unknown) {
  const headers = { authorization: `Bearer ${token}` };
  return send(`${doors.addressOf('alert-relay')}/hooks/alerts/generic`, JSON.stringify(body), headers);
}

/** Signed as Sentry does it. */
export function sendSentry(doors: Doors, resource: string, body: unknown) {
  const text = JSON.stringify(body);
  const signature = createHmac('sha256', SENTRY_SECRET).update(text).digest('hex');
  const headers = { 'sentry-hook-resource': resource, 'sentry-hook-signature': signature };
  return send(`${doors.addressOf('alert-relay')}/hooks/sentry`, text, headers);
}

/** An outage as an uptime monitor of Sentry reports it. */
export function uptimeIssue(id: string, project: string, action: string, at: Date): unknown {
  return {
    action,
    actor: { type: 'application', id: 'sentry', name: 'Sentry' },
    installation: { uuid: '6f1d2a9b-0000-4000-8000-000000000000' },
    data: {
      issue: {
        id,
        shortId: `${project.toUpperCase()}-1`,
        title: `Downtime detected for https://${project}.example.org`,
        culprit: '',
        level: 'error',
        status: action === 'resolved' ? 'resolved' : 'unresolved',
        substatus: action === 'unresolved' ? 'regressed' : 'new',
        issueType: 'uptime_domain_failure',
        issueCategory: 'outage',
        priority: 'high',
        project: { id: '7', name: project, slug: project, platform: null },
        firstSeen: at.toISOString(),
        lastSeen: at.toISOString(),
        count: '1',
        web_url: `https://acme.sentry.example/issues/${id}/`,
        metadata: { title: `Downtime detected for https://${project}.example.org` },
      },
    },
  };
}

/** The message as it is in the chat now. */
export function current(telegram: FakeTelegram, message: ChatMessage): ChatMessage {
  return telegram.chat(message.chatId).messages.find((one) => one.id === message.id)!;
}
