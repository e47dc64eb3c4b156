import { type ConsoleInstallation } from './console-installation';

const WEEKS = 14;
const WEEK_MS = 7 * 86_400_000;

/** Something on every page: people, tasks, an address outside, a dead letter, a product with KPIs and a week that is missing, alerts, answers, a round. */
export async function fillConsole({ doors, url }: ConsoleInstallation): Promise<void> {
  await doors.request('POST', '/api/people', { handle: 'mary', name: 'Mary Shelley', roles: ['admin'] });
  const { token } = await doors.request<{ token: string }>('POST', '/api/products', {
    name: 'Lugha',
    owner: 'ada',
    url: 'https://lugha.example.org',
  });
  const post = async (path: string, body: unknown): Promise<void> => {
    const response = await fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
    if (response.status !== 202) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  };
  for (let back = WEEKS; back >= 1; back -= 1) {
    if (back === 5) continue;
    const kpis = [
      { name: 'signups', value: 120 + ((WEEKS - back) * 7 + (back % 3) * 11), unit: 'people', target: 180 },
      { name: 'churn', value: 4.2 - (WEEKS - back) * 0.1, unit: '%', target: 3, better: 'down' },
    ];
    await post('/hooks/kpi/lugha', { week: weekOf(new Date(Date.now() - back * WEEK_MS)), kpis });
  }
  await post('/hooks/alerts/generic', { title: 'The disk is nearly full', severity: 'critical', key: 'disk' });
  await post('/hooks/alerts/generic', { title: 'Slow answers', severity: 'warning', key: 'slow' });
  await post('/hooks/alerts/generic', { title: 'Slow answers', status: 'resolved', key: 'slow' });
  await fillHub({ doors, url });
  // Of a week that has not begun: a dead letter.
  await post('/hooks/kpi/lugha', { week: '2099-W01', kpis: { signups: 1 } });
  await doors.request('POST', '/api/processes/ask', {});
  await doors.respond('product-maintenance-renew-certificates', 'correct');
}

/** A task that has failed, and an address that hears of things. */
async function fillHub({ doors, url }: Pick<ConsoleInstallation, 'doors' | 'url'>): Promise<void> {
  const task = await doors.request<{ token: string }>('POST', '/api/tasks', {
    ...{ name: 'Nightly backup', owner: 'ada', trigger: { cron: '0 3 * * *' }, emits: ['outside.backup-made'] },
    release: true,
  });
  const authorization = `Bearer ${task.token}`;
  await fetch(`${url}/hooks/tasks/nightly-backup?status=fail`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'text/plain' },
    body: 'pg_dump: connection refused',
  });
  await doors.request('POST', '/api/subscriptions', {
    ...{ name: 'n8n', url: 'http://127.0.0.1:9/webhook/recert', subjects: ['alert.*', 'kpi.received'] },
  });
}

/** The ISO 8601 week of a day: that of its Thursday. */
function weekOf(date: Date): string {
  const thursday = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()));
  thursday.setUTCDate(thursday.getUTCDate() + 4 - (thursday.getUTCDay() || 7));
  const days = (thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / 86_400_000;
  return `${thursday.getUTCFullYear()}-W${String(Math.floor(days / 7) + 1).padStart(2, '0')}`;
}
