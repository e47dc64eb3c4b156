import { type BusSwitchView, type BusView } from '@recert/contracts';
import { recert as recertAt, ServiceStub } from '../service-stub';

const NATS = 'nats://127.0.0.1:4222';
const DATABASE = 'postgres://127.0.0.1:5432/recert';

function view(change: Partial<BusSwitchView>): BusView {
  return {
    transport: DATABASE,
    members: [
      {
        ...{ service: 'scheduler', generation: 0, transport: DATABASE, phase: 'flipped', backlog: 3, problem: null },
        at: '2026-11-27T09:00:00.000Z',
      },
    ],
    switch: {
      ...{ generation: 4, from: DATABASE, to: NATS, phase: 'asked', waitingFor: [], problem: null, events: null },
      ...{ by: 'ada', askedAt: '2026-11-27T09:00:00.000Z', endedAt: null },
      ...change,
    },
  };
}

describe('the command', () => {
  let stub: ServiceStub;
  let url: string;

  beforeEach(async () => {
    stub = new ServiceStub();
    url = await stub.start();
  });
  afterEach(() => stub.stop());

  const recert = (line: string) => recertAt(line, { RECERT_URL: url });

  it('bus shows the transport, the switch and every service', async () => {
    stub.answer('GET /api/bus', 200, [view({ phase: 'draining', waitingFor: ['scheduler'] })]);
    expect(await recert('bus')).toEqual({
      code: 0,
      out: [
        `The bus is on ${DATABASE}.`,
        `Switch to ${NATS}: the old transport is emptied; waiting for scheduler`,
        `  scheduler: ${DATABASE}, flipped, 3 left on the old transport`,
        '',
      ].join('\n'),
      err: '',
    });
  });

  it('bus switch tells each phase once, and the end', async () => {
    stub.answer('POST /api/bus/switch', 202, [view({ waitingFor: ['scheduler'] })]);
    stub.answer('GET /api/bus', 200, [
      view({ waitingFor: ['scheduler'] }),
      view({ phase: 'verifying', problem: 'not handled yet: 1 process.due by x' }),
      view({ phase: 'done', events: 12 }),
    ]);
    expect(await recert(`bus switch --to ${NATS}`)).toEqual({
      code: 0,
      out: [
        `Switch to ${NATS}: every service opens the new transport; waiting for scheduler`,
        `Switch to ${NATS}: what was published is compared with what was handled; not handled yet: 1 process.due by x`,
        `Switch to ${NATS}: done`,
        `The bus is on ${NATS}. Every event that was published before is handled, 12 of the last minutes counted.`,
        '',
      ].join('\n'),
      err: '',
    });
    expect(stub.heard[0]!.body).toEqual({ to: NATS });
  });

  it('bus switch fails when it was abandoned, with the reason', async () => {
    stub.answer('POST /api/bus/switch', 202, [view({})]);
    stub.answer('GET /api/bus', 200, [view({ phase: 'abandoned', problem: 'scheduler: no' })]);
    const { code, err } = await recert(`bus switch --to ${NATS}`);
    expect([code, err]).toEqual([1, `The switch was abandoned, the bus is on ${DATABASE}: scheduler: no\n`]);
  });

  it('bus switch fails when it has not ended in time, and says that it goes on', async () => {
    stub.answer('POST /api/bus/switch', 202, [view({ phase: 'draining', waitingFor: ['scheduler'] })]);
    const { code, err } = await recert(`bus switch --to ${NATS} --wait 0`);
    expect([code, err]).toEqual([
      1,
      `The switch to ${NATS} has not ended yet (draining). It waits for scheduler. It goes on by itself: look with recert bus.\n`,
    ]);
  });

  it('bus switch --abandon says where the bus goes back to', async () => {
    stub.answer('DELETE /api/bus/switch', 200, [view({ phase: 'abandoned', problem: 'ada gave it up' })]);
    const { code, out } = await recert('bus switch --abandon');
    expect([code, out]).toEqual([0, `The bus goes back to ${DATABASE}: ada gave it up.\n`]);
    expect(await recert(`bus switch --abandon --to ${NATS}`)).toMatchObject({ code: 2 });
  });

  it('bus replay says how many events each service publishes again', async () => {
    const services = [{ service: 'scheduler', events: 7 }];
    stub.answer('POST /api/bus/replay', 200, [
      { refillId: 'x', events: 7, services, missing: [] },
      { refillId: 'x', events: 7, services, missing: ['notifier'] },
    ]);
    expect(await recert('bus replay --since 2026-11-26T00:00:00Z')).toEqual({
      code: 0,
      out: '  scheduler: 7\n7 events are published again; what was handled is not handled twice.\n',
      err: '',
    });
    expect(stub.heard[0]!.body).toEqual({ since: '2026-11-26T00:00:00.000Z' });
    expect(await recert('bus replay --since 2026-11-26')).toMatchObject({
      code: 1,
      err: 'No answer yet from notifier: they do so when they are there.\n',
    });
  });

  it.each([
    ['bus switch', 'give --to'],
    ['bus switch --abandon --to x', 'not both'],
    [`bus switch --to ${NATS} --wait soon`, '--wait "soon" is no number of minutes'],
    ['bus replay', 'give --since'],
    ['bus replay --since yesterday', '--since "yesterday" is no instant'],
  ])('%s is refused: %s', async (line, message) => {
    const { code, err } = await recert(line);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(stub.heard).toEqual([]);
  });
});
