import { testDatabase, type TestDatabase } from '@recert/testing';
import { aProcess, now, reason, review, reviewId, states } from '../fixtures/a-process';
import { bakery } from '../fixtures/bakery';
import { RunningRegistry } from '../fixtures/running-registry';
import { type Process } from './process';
import { ProcessRepository, StaleProcessError } from './process.repository';

describe('the table of processes', () => {
  let database: TestDatabase;
  let registry: RunningRegistry;
  let processes: ProcessRepository;

  beforeAll(async () => {
    database = await testDatabase();
    registry = await RunningRegistry.start(database.url, bakery);
    processes = registry.process.app.get(ProcessRepository, { strict: false });
  });
  afterAll(async () => {
    await registry.stop();
    await database.drop();
  });

  const save = (before: Process | null, after: Process): Promise<void> =>
    registry.database.transaction((tx) => processes.save(tx, [{ before, after, events: [], reason }]));

  const snoozed = { ...review, snoozedUntil: now, disownedBy: 'ada' };
  const odd: [string, Partial<Process>][] = [
    ...Object.entries(states).map(([status, state]): [string, Partial<Process>] => [status, { state }]),
    ['updating without a question', { state: { ...states.updating, review: null, hashThen: null } }],
    ['snoozed and disowned', { state: { ...states.due, review: snoozed } }],
    ['certified with its review closed', { state: states.certified, review: { ...review, open: false } }],
    ['of nobody, never written down', { owner: null, section: null, documented: false, documentedAt: null }],
    ['full', { deputy: 'bob', url: 'https://x.org/#a', product: 'each', nextDueAt: now }],
    [
      'answered',
      {
        lastResponse: {
          ...{ id: reviewId, reviewId, answer: 'correct', by: 'ada', channel: 'telegram', at: now, refused: 'no' },
        },
      },
    ],
  ];

  it.each(odd)('gives back what it was given: %s', async (name, facts) => {
    const id = name.replaceAll(/[^a-z]+/g, '-');
    const process = aProcess({ id, ...facts });
    await save(null, process);
    expect((await processes.find(id))?.process).toEqual(process);
    const changed = aProcess({ id, version: 2, owner: 'grace' });
    await save(process, changed);
    expect((await processes.find(id))?.process).toEqual(changed);
  });

  it('writes nothing where somebody else was faster', async () => {
    const process = aProcess({ id: 'raced' });
    await save(null, process);
    await save(process, { ...process, version: 2, owner: 'first' });
    await expect(save(process, { ...process, version: 2, owner: 'second' })).rejects.toThrow(StaleProcessError);
    expect((await processes.find('raced'))?.process.owner).toBe('first');
  });
});
