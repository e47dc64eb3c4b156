import { type InboxItem, type Page, ProcessRetired } from '@recert/contracts';
import { eventually, testDatabase, type TestDatabase } from '@recert/testing';
import { startNotifier, type NotifierUnderTest } from '../../notifier-fixture';

describe('the inbox of a service without a bot', () => {
  let database: TestDatabase;
  let notifier: NotifierUnderTest;

  beforeAll(async () => {
    database = await testDatabase();
    notifier = await startNotifier(database.url);
  });

  afterAll(async () => {
    await notifier.stop();
    await database.drop();
  });

  const inbox = async (query = ''): Promise<readonly InboxItem[]> => {
    const response = await notifier.fetch(`/api/inbox${query}`);
    expect(response.status).toBe(200);
    return ((await response.json()) as Page<InboxItem>).items;
  };

  it('shows a question as soon as its process is due', async () => {
    await notifier.person('alice');
    const due = await notifier.due();
    const [item] = await eventually(async () => {
      const items = await inbox();
      expect(items).toHaveLength(1);
      return items;
    });
    expect(item).toMatchObject({
      processId: due.processId,
      reviewId: due.reviewId,
      name: 'deploy product releases',
      section: 'product maintenance',
      to: 'alice',
      reason: 'period-over',
      reminder: 0,
      recordLink: 'https://example.org/processes.md#deploy-product-releases',
    });
    expect(await inbox('?to=alice')).toHaveLength(1);
    expect(await inbox('?to=bob')).toEqual([]);
  });

  it('shows a reminder in place of the question before it', async () => {
    const [first] = await inbox();
    await notifier.due({ processId: first!.processId, reviewId: first!.reviewId, reminder: 1 });
    await eventually(async () => expect((await inbox()).map((item) => item.reminder)).toEqual([1]));
    expect((await inbox())[0]!.number).toBeGreaterThan(first!.number);
  });

  it('is empty again when the record is gone', async () => {
    const [{ processId, name }] = (await inbox()) as [InboxItem];
    const retiredAt = new Date().toISOString();
    await notifier.publish(ProcessRetired, { processId, version: 5, name, owner: 'alice', retiredAt });
    await eventually(async () => expect(await inbox()).toEqual([]));
  });

  it('refuses a request without a token', async () => {
    expect((await fetch(`${notifier.running.url}/api/inbox`)).status).toBe(401);
  });
});
