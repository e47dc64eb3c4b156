import { type ProcessSummary } from '@recert/contracts';
import { MovableClock, testDatabase, type TestDatabase } from '@recert/testing';
import { aProcess, reason, states } from '../fixtures/a-process';
import { RunningRegistry } from '../fixtures/running-registry';
import { type Process } from './process';
import { ProcessRepository } from './process.repository';

const now = new Date('2026-11-20T09:00:00.000Z');
const DAY = 24 * 60 * 60_000;
const ago = (days: number, ms = 0): Date => new Date(now.getTime() - days * DAY - ms);

interface Review {
  readonly of: string;
  readonly outcome: string | null;
  readonly closed: Date | null;
  readonly overdue?: Date;
}
interface Answer {
  readonly of: string;
  readonly at: Date;
  readonly opened: boolean | null;
  readonly answer?: string;
  readonly refused?: string;
}

describe('the summary of the processes', () => {
  let database: TestDatabase;
  let registry: RunningRegistry;

  beforeAll(async () => {
    database = await testDatabase();
    registry = await RunningRegistry.start(database.url, '# Empty\n', {}, new MovableClock(now));
  });
  beforeEach(() => registry.database.query('truncate process, review, response'));
  afterAll(async () => {
    await registry.stop();
    await database.drop();
  });

  const summary = (): Promise<ProcessSummary> => registry.ask('GET', '/api/processes/summary');
  const save = async (...facts: (Partial<Process> & { id: string })[]): Promise<void> => {
    const repository = registry.process.app.get(ProcessRepository, { strict: false });
    const changes = facts.map((fact) => ({ before: null, after: aProcess(fact), events: [], reason }));
    await registry.database.transaction((tx) => repository.save(tx, changes));
  };
  const reviewed = async (...reviews: Review[]): Promise<void> => {
    for (const { of, outcome, closed, overdue } of reviews) {
      await registry.database.query(
        `insert into review (id, process_id, reason, opened_at, reminders, closed_at, outcome, overdue_at)
         values (gen_random_uuid(), $1, 'period-over', $2, 0, $3, $4, $5)`,
        [of, ago(400), closed, outcome, overdue ?? null],
      );
    }
  };
  const answered = async (...answers: Answer[]): Promise<void> => {
    for (const { of, at, opened, answer = 'correct', refused = null } of answers) {
      await registry.database.query(
        `insert into response (id, process_id, answer, by, standing, channel, at, record_opened, refused)
         values (gen_random_uuid(), $1, $2, 'ada', 'owner', 'telegram', $3, $4, $5)`,
        [of, answer, at, opened, refused],
      );
    }
  };

  it('is nothing at all of an empty library', async () => {
    expect(await summary()).toEqual({
      ...{ total: 0, documented: 0, unowned: 0, certifiedShare: null, onTimeShare: null, stampedShare: null },
      byStatus: { uncertified: 0, due: 0, updating: 0, overdue: 0, certified: 0, retired: 0 },
      ...{ sections: [], owners: [] },
    });
  });

  it('counts by status what is neither retired nor a template', async () => {
    await save(
      { id: 'a', state: states.certified, section: 'Zoo', owner: 'bob' },
      { id: 'b', state: states.certified, section: 'baking', owner: null },
      { id: 'c', state: states.due, section: 'baking', owner: 'ada', product: 'lugha' },
      { id: 'd', state: states.overdue, section: null, owner: 'ada' },
      { id: 'e', state: states.updating, section: 'Äpfel', owner: 'ada' },
      { id: 'f', documented: false, section: 'baking', owner: null },
      { id: 'g', state: states.retired, section: 'gone', owner: 'gone' },
      { id: 'h', product: 'each', section: 'each', owner: 'each' },
    );
    expect(await summary()).toMatchObject({
      ...{ total: 6, documented: 5, unowned: 2, certifiedShare: 2 / 5 },
      byStatus: { uncertified: 1, due: 1, updating: 1, overdue: 1, certified: 2, retired: 0 },
      ...{ sections: ['baking', 'Zoo', 'Äpfel'], owners: ['ada', 'bob'] },
    });
  });

  it('takes for on time the reviews of the last 365 days that were certified before they were overdue', async () => {
    await save({ id: 'a' }, { id: 'b' }, { id: 'gone', state: states.retired }, { id: 'each', product: 'each' });
    await reviewed(
      { of: 'a', outcome: 'certified', closed: ago(365) },
      { of: 'b', outcome: 'certified', closed: ago(0) },
      { of: 'a', outcome: 'certified', closed: ago(10), overdue: ago(11) },
      { of: 'b', outcome: 'retired', closed: ago(10) },
      { of: 'a', outcome: 'certified', closed: ago(365, 1) },
      { of: 'a', outcome: null, closed: null },
      { of: 'gone', outcome: 'certified', closed: ago(10) },
      { of: 'each', outcome: 'certified', closed: ago(10) },
    );
    expect(await summary()).toMatchObject({ onTimeShare: 2 / 4, stampedShare: null });
  });

  it('takes for stamped the certifications of the last 365 days whose record is known to have stayed shut', async () => {
    await save({ id: 'a' }, { id: 'gone', state: states.retired }, { id: 'each', product: 'each' });
    await answered(
      { of: 'a', at: ago(365), opened: false },
      { of: 'a', at: ago(0), opened: true },
      { of: 'a', at: ago(10), opened: null },
      { of: 'a', at: ago(365, 1), opened: false },
      { of: 'a', at: ago(10), opened: false, answer: 'needs-update' },
      { of: 'a', at: ago(10), opened: false, refused: 'It was too late.' },
      { of: 'gone', at: ago(10), opened: false },
      { of: 'each', at: ago(10), opened: false },
    );
    expect(await summary()).toMatchObject({ stampedShare: 1 / 3, onTimeShare: null });
  });
});
