import { type ServiceDatabase, type Tx } from '@recert/bus';
import { type RunStep } from '@recert/contracts';
import { type ClaimedDelivery } from './delivery';
import { causeOf, noteMessage } from './message-step';

const cause = (type: string): Tx => ({ cause: { id: 'e', correlationId: 'r', type } }) as unknown as Tx;

it('a message belongs to the run of the event that it follows from, but for what tells of the hub itself', () => {
  expect(causeOf(cause('alert.raised'))).toEqual(['r', 'e']);
  expect(causeOf(cause('letter.kept'))).toEqual([null, null]);
  expect(causeOf({ cause: null } as Tx)).toEqual([null, null]);
});

describe('a message', () => {
  const noted: RunStep[] = [];
  const database = { steps: { note: (step: RunStep) => void noted.push(step) } } as unknown as ServiceDatabase;
  const delivery = { id: 7, kind: 'edit', runId: 'r', causeId: 'e', attempts: 2 } as ClaimedDelivery;

  beforeEach(() => void noted.splice(0));

  it('is a step of its run', () => {
    noteMessage(database, delivery, { state: 'failed', error: 'blocked' });
    noteMessage(database, delivery, { state: 'done', error: null, tookMs: 12 });
    const same = { runId: 'r', key: 'message 7', kind: 'message', name: 'telegram.edit', causeId: 'e', attempts: 2 };
    expect(noted).toMatchObject([
      { ...same, state: 'failed', error: 'blocked', tookMs: null },
      { ...same, state: 'done', error: null, tookMs: 12 },
    ]);
  });

  it('is none where it follows from no event', () => {
    noteMessage(database, { ...delivery, runId: null }, { state: 'done', error: null });
    expect(noted).toEqual([]);
  });
});
