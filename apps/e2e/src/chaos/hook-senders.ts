import { type AlertView, type KpiView, type Page } from '@recert/contracts';
import { type FakeTelegram, type FakeUser } from '@recert/testing';
import { linked, type Product, registerProduct, sendAlert, sendKpis, sendSentry, uptimeIssue } from '../story/hooks';
import { type Installation } from '../story/installation';

const WEEKS = ['2026-W43', '2026-W44', '2026-W45', '2026-W46'];
const KEYS = ['backup', 'queue'] as const;

/** One sender with its product, and the chat of the person who hears of it. */
export interface Sender {
  readonly product: Product;
  readonly admin: FakeUser;
  readonly accepted: string[];
  /** How often each of its alerts was said. */
  readonly said: Map<string, number>;
}

/** Products that send webhooks, each with an admin of its own. */
export async function registerSenders(
  installation: Installation,
  telegram: FakeTelegram,
  count: number,
): Promise<readonly Sender[]> {
  const senders: Sender[] = [];
  for (let n = 0; n < count; n += 1) {
    const handle = `admin${n}`;
    const admin = await linked(installation, telegram, { handle, id: 300_000 + n, roles: ['owner'] });
    const named = { name: `Product ${n}`, owner: handle, admins: [handle], sentryProject: `project-${n}` };
    const product = await registerProduct(installation.doors, named);
    senders.push({ product, admin, accepted: [], said: new Map() });
  }
  return senders;
}

/** One after the other, as a product does: what is not answered is sent again. */
export async function sendMixed({ doors }: Installation, sender: Sender, count: number): Promise<void> {
  const { product, accepted, said } = sender;
  const began = new Date();
  for (let n = 0; n < count; n += 1) {
    const week = WEEKS[n / 10];
    if (week !== undefined) accepted.push((await sendKpis(doors, product, { week, kpis: { signups: n } })).id);
    else if (n === 5) {
      const issue = uptimeIssue(`outage-${product.id}`, `project-${product.id.at(-1)}`, 'created', began);
      accepted.push((await sendSentry(doors, 'issue', issue)).id);
    } else {
      const key = KEYS[n % 2]!;
      said.set(key, (said.get(key) ?? 0) + 1);
      const body = { title: `The ${key} is late`, key, severity: 'warning', detail: `for the ${n}th time` };
      accepted.push((await sendAlert(doors, product, body)).id);
    }
  }
}

const itemsOf = async <T>({ doors }: Installation, path: string, service: string): Promise<readonly T[]> =>
  (await doors.request<Page<T>>('GET', path, undefined, service)).items;

/** @returns a sentence for everything that was not counted exactly once */
export async function miscounted(installation: Installation, senders: readonly Sender[]): Promise<string[]> {
  const alerts = await itemsOf<AlertView>(installation, '/api/alerts?limit=1000', 'alert-relay');
  const wrong: string[] = [];
  for (const { product, said } of senders) {
    const its = alerts.filter((alert) => alert.product === product.id);
    const outages = its.filter(({ kind }) => kind === 'uptime').length;
    if (outages !== 1) wrong.push(`${product.id}: one outage is ${outages} alerts`);
    for (const [key, times] of said) {
      const counts = its.filter(({ title }) => title === `The ${key} is late`).map(({ count }) => count);
      if (counts.join() !== String(times))
        wrong.push(`${product.id}: ${times} signs of ${key} are counted ${counts.join()}`);
    }
    const kpis = await itemsOf<KpiView>(installation, `/api/kpis?product=${product.id}`, 'kpi-ingest');
    const figures = kpis.map(({ week, value }) => `${week} ${value}`).join();
    if (figures !== WEEKS.map((week, at) => `${week} ${at * 10}`).join()) wrong.push(`${product.id}: has ${figures}`);
  }
  return wrong;
}

/** What each admin must have heard: the beginning of a message for each. */
const TEXTS = [
  'Downtime detected',
  ...KEYS.map((key) => `The ${key} is late`),
  ...WEEKS.map((week) => `week ${week.slice(-2)}`),
];

/** @returns what somebody has not heard, and how many messages came more than once */
export function heard(senders: readonly Sender[]): { readonly missing: readonly string[]; readonly repeated: number } {
  const missing: string[] = [];
  let repeated = 0;
  for (const { admin, said } of senders) {
    const texts = admin.messages.map(({ text }) => text);
    for (const text of TEXTS) {
      const times = texts.filter((one) => one.includes(text)).length;
      if (times === 0) missing.push(`${admin.id}: ${text}`);
      else repeated += times - 1;
    }
    for (const [key, times] of said)
      if (!texts.some((one) => one.includes(`The ${key} is late`) && one.includes(String(times))))
        missing.push(`${admin.id}: that the ${key} was late ${times} times`);
  }
  return { missing, repeated };
}
