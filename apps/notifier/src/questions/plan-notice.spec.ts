import { type AskHours } from '@recert/recertification';
import { type Notice } from '../people/person';
import { GATHER_MS, planNotice, type NoticeSituation } from './plan-notice';
import { question } from './question-examples';

// A Monday, 10:00 in Berlin.
const NOW = new Date('2026-11-23T09:00:00Z');
const WORKING: AskHours = { weekdays: [1, 2, 3, 4, 5], from: 540, to: 1020 };
const fresh: Notice = { digest: 0, lastAt: null, nextAt: null, gatherUntil: null };
const gathered: Notice = { ...fresh, nextAt: NOW, gatherUntil: NOW };

const waiting = (number: number, of: Parameters<typeof question>[0] = {}) =>
  question({ number, state: 'waiting', ...of });
const plan = (situation: Partial<NoticeSituation>) =>
  planNotice({
    open: [],
    notice: fresh,
    hours: 'always',
    zone: 'Europe/Berlin',
    now: NOW,
    machineNow: NOW,
    ...situation,
  });
const later = (ms: number): Date => new Date(NOW.getTime() + ms);

describe('what somebody asked for', () => {
  it.each(['asked', 'record-updated', 'incident'] as const)('goes at once at any hour: %s', (reason) => {
    const night = new Date('2026-11-22T02:00:00Z');
    expect(plan({ open: [waiting(1, { reason })], hours: WORKING, now: night }).send).toEqual([1]);
  });

  it('does not go at once when it is about somebody who did not answer', () => {
    const open = [waiting(1, { reason: 'asked', escalation: 'no-answer' })];
    expect(plan({ open }).send).toEqual([]);
  });
});

describe('a digest', () => {
  const open = [waiting(1), waiting(2, { reason: 'campaign' }), waiting(3)];

  it('waits a second after its first question, so that others can join', () => {
    const first = plan({ open: open.slice(0, 1) });
    expect(first).toMatchObject({ send: [], notice: { nextAt: NOW, gatherUntil: later(GATHER_MS) } });
    const just = plan({ open, notice: first.notice, now: later(GATHER_MS - 1), machineNow: later(GATHER_MS - 1) });
    expect(just.send).toEqual([]);
    expect(plan({ open, notice: first.notice, now: later(GATHER_MS), machineNow: later(GATHER_MS) }).send).toEqual([1]);
  });

  it('gathers by the clock of the machine, so that it ends while the clock of the organisation stands', () => {
    const { notice } = plan({ open });
    expect(plan({ open, notice, now: NOW, machineNow: later(GATHER_MS) }).send).toEqual([1]);
  });

  it('gives each of its questions a place, and sends the first', () => {
    const { send, places, notice } = plan({ open, notice: gathered });
    expect(send).toEqual([1]);
    expect(places.map(({ number, digest, place, total }) => [number, digest, place, total])).toEqual([
      [1, 1, 1, 3],
      [2, 1, 2, 3],
      [3, 1, 3, 3],
    ]);
    expect(notice).toEqual({ digest: 1, lastAt: NOW, nextAt: null, gatherUntil: null });
  });

  it('begins with what is due longest, whatever was heard of first', () => {
    const late = [waiting(1), waiting(2, { dueAt: new Date('2026-11-20T09:00:00Z') })];
    expect(plan({ open: late, notice: gathered }).send).toEqual([2]);
  });

  const placed = (number: number, place: number, of: Parameters<typeof question>[0] = {}) =>
    question({ number, place: { digest: 1, place, total: 3 }, ...of });
  const begun: Notice = { digest: 1, lastAt: NOW, nextAt: null, gatherUntil: null };

  it.each(['asked', 'answered'] as const)('holds its next question back while one is %s', (state) => {
    const rest = [placed(1, 1, { state }), placed(2, 2, { state: 'waiting' })];
    expect(plan({ open: rest, notice: begun }).send).toEqual([]);
  });

  it('goes on with the next one in order, whatever the hours say', () => {
    const rest = [placed(3, 3, { state: 'waiting' }), placed(2, 2, { state: 'waiting' })];
    const night = new Date('2026-11-24T02:00:00Z');
    expect(plan({ open: rest, notice: begun, hours: WORKING, now: night }).send).toEqual([2]);
  });

  it('takes in what an earlier one has left, when its day has come', () => {
    const tomorrow = new Date('2026-11-24T09:00:00Z');
    const left = [placed(1, 1, { state: 'asked' }), placed(2, 2, { state: 'waiting' }), waiting(4)];
    const ready = { ...begun, nextAt: tomorrow, gatherUntil: tomorrow };
    const { send, places } = plan({ open: left, notice: ready, hours: WORKING, now: tomorrow, machineNow: tomorrow });
    expect(send).toEqual([2]);
    expect(places.map(({ number, digest }) => [number, digest])).toEqual([
      [2, 2],
      [4, 2],
    ]);
  });
});

describe('the hours', () => {
  const open = [waiting(1)];

  it('put a notice off to their next beginning', () => {
    const saturday = new Date('2026-11-21T09:00:00Z');
    const { send, notice } = plan({ open, hours: WORKING, now: saturday });
    expect(send).toEqual([]);
    expect(notice.nextAt).toEqual(new Date('2026-11-23T08:00:00Z'));
  });

  it('allow one notice a day', () => {
    const already: Notice = { ...gathered, digest: 1, lastAt: new Date('2026-11-23T08:10:00Z') };
    const { send, notice } = plan({ open, notice: already, hours: WORKING });
    expect(send).toEqual([]);
    expect(notice.nextAt).toEqual(new Date('2026-11-24T08:00:00Z'));
  });

  it('do not matter to somebody who has just come', () => {
    const night = new Date('2026-11-22T02:00:00Z');
    expect(plan({ open, hours: WORKING, now: night, isHere: true }).send).toEqual([1]);
  });
});

it('looks no further when nothing waits', () => {
  const { send, notice } = plan({ open: [question()], notice: gathered });
  expect(send).toEqual([]);
  expect(notice).toEqual({ ...fresh, nextAt: null, gatherUntil: null });
});
