import { eventually, MovableClock, testDatabase } from '@recert/testing';
import { outsideEvent, type Page, type Problem, ReviewRequested, TaskReported } from '@recert/contracts';
import { mixDough } from '../fixtures/bakery';
import { SubscribingRegistry } from '../fixtures/subscribing-registry';
import { FollowSubjects } from '../subscriptions/follow-subjects';

const BillPaid = outsideEvent('outside.bill-paid');

describe('what outside systems say', () => {
  const suite = new SubscribingRegistry({ testDatabase, eventually, newClock: () => new MovableClock(new Date()) });

  const tokenOf = async (...scopes: string[]): Promise<string> =>
    (await suite.registry.ask<{ token: string }>('POST', '/api/tokens', { name: 'Büro n8n', scopes })).token;
  const say = (subject: string, body: unknown, token: string | null) =>
    suite.registry.request<Problem & { id: string }>('POST', `/hooks/events/${subject}`, { body, token });

  it('is an event on the bus, once, with the name of its token', async () => {
    const token = await tokenOf('events:outside.bill-paid');
    const { status, body } = await say('outside.bill-paid', { number: '2026-117', paid: true }, token);
    expect(status).toBe(202);
    expect(await say('outside.bill-paid', { number: '2026-117', paid: true }, token)).toMatchObject({
      ...{ status: 200, body: { id: body.id } },
    });
    await eventually(async () =>
      expect(await suite.registry.published(BillPaid)).toEqual([{ number: '2026-117', paid: true }]),
    );
    const [row] = await suite.registry.database.query<{ headers: Record<string, string> }>(
      `select headers from outbox where subject = 'outside.bill-paid'`,
    );
    expect(row!.headers).toMatchObject({
      ...{ 'ce-source': 'registry/B%C3%BCro%20n8n', 'ce-type': 'outside.bill-paid', 'ce-correlationid': body.id },
    });
  });

  it('comes from its first word on to whoever wants all of it', async () => {
    const { id } = await suite.subscribe(suite.receiver.url, 'outside.*');
    await suite.subscribe(suite.other.url, 'outside.bill-paid');
    expect(suite.get(FollowSubjects).subjects).toEqual(['outside.bill-paid']);
    const token = await tokenOf('events:outside.bill-paid', 'events:outside.van-left');
    await say('outside.bill-paid', { number: 1 }, token);
    await say('outside.van-left', { number: 2 }, token);
    await suite.came(2);
    await suite.came(1, suite.other);
    expect(suite.receiver.messages.map(({ type, data }) => [type, data['number']]).sort()).toEqual([
      ['outside.bill-paid', 1],
      ['outside.van-left', 2],
    ]);
    await suite.registry.ask('DELETE', `/api/subscriptions/${id}`);
    await suite.get(FollowSubjects).look();
    expect(suite.get(FollowSubjects).subjects).toEqual(['outside.bill-paid']);
  });

  it('is refused in one way to everybody whose token is not for it', async () => {
    const token = await tokenOf('events:outside.bill-paid');
    const refusals = await Promise.all([
      say('outside.bill-paid', { a: 1 }, null),
      say('outside.bill-paid', { a: 1 }, 'recert_000000000000_' + 'x'.repeat(43)),
      say('outside.van-left', { a: 1 }, token),
      say('task.reported', { a: 1 }, token),
      say('alert.raised', { a: 1 }, null),
      say('alert.raised', { a: 1 }, await tokenOf('admin')),
      say('nothing', 'no json', null),
    ]);
    for (const { status, body, headers } of refusals) {
      expect([status, body, headers.get('www-authenticate')]).toEqual([401, refusals[0].body, 'Bearer']);
    }
    expect(await suite.registry.published(BillPaid)).toEqual([]);
  });

  it('is refused with what to mend to whom it would help', async () => {
    const token = await tokenOf('events:outside.bill-paid', 'events:task.reported');
    const unknown = await say('alert.raised', { a: 1 }, token);
    expect([unknown.status, unknown.body.detail]).toEqual([
      422,
      expect.stringContaining('review.requested and task.reported'),
    ]);
    expect((await say('outside.bill-paid', [1], token)).status).toBe(422);
    expect((await say('outside.bill-paid', { a: 'x'.repeat(262_144) }, token)).status).toBe(413);
    const task = await say('task.reported', { taskId: 'nightly-backup', status: 'ok' }, token);
    expect([task.status, task.body.detail]).toEqual([422, expect.stringMatching(/^status: /)]);
    const scope = await suite.registry.request<Problem>('POST', '/api/tokens', {
      body: { name: 'x', scopes: ['events:alert.raised'] },
    });
    expect([scope.status, scope.body.detail]).toEqual([400, expect.stringContaining('outside.<a word of your own>')]);
  });

  it('may be that a review is wanted, of the version that there is', async () => {
    const token = await tokenOf('events:review.requested');
    const { version } = await suite.registry.get(mixDough);
    await say('review.requested', { processId: mixDough }, token);
    await eventually(async () => expect(await suite.registry.published(ReviewRequested)).toHaveLength(1));
    expect((await suite.registry.published(ReviewRequested))[0]).toMatchObject({
      ...{ processId: mixDough, version, reason: 'incident', by: 'Büro n8n' },
    });
    await say('review.requested', { processId: 'no-such-process' }, token);
    await eventually(async () => {
      const { items } = await suite.registry.ask<Page<{ consumer: string; reason: string }>>(
        'GET',
        '/api/dead-letters',
      );
      expect(items[0]).toMatchObject({ consumer: 'hook.events', reason: 'There is no process "no-such-process".' });
    });
  });

  it('may be how a task went, now or when it happened', async () => {
    const token = await tokenOf('events:task.reported');
    const { body } = await say('task.reported', { taskId: 'nightly-backup', status: 'start' }, token);
    await say(
      'task.reported',
      { taskId: 'nightly-backup', status: 'fail', at: '2026-11-27T02:00:12Z', log: 'no disk' },
      token,
    );
    // The registry's own timers report, too.
    const reported = async (): Promise<TaskReported[]> =>
      (await suite.registry.published(TaskReported)).filter(({ taskId }) => !taskId.startsWith('registry.'));
    await eventually(async () => expect(await reported()).toHaveLength(2));
    expect(await reported()).toEqual([
      { reportId: body.id, taskId: 'nightly-backup', status: 'start', at: suite.clock.now().toISOString(), log: null },
      expect.objectContaining({ status: 'fail', at: '2026-11-27T02:00:12Z', log: 'no disk' }),
    ]);
  });
});
