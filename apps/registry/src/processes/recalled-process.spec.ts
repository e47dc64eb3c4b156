import { aProcess } from '../fixtures/a-process';
import { recalledProcess } from './recalled-process';
import { TASKS } from '../tasks/task';
import { toRegistered } from './process';

const AT = new Date('2026-11-30T21:00:00.000Z');

describe('a process that a restored registry recalls', () => {
  const known = aProcess({ version: 3, owner: 'ada', deputy: null });
  const said = { ...toRegistered(known), version: 5 };

  it.each([2, 3])('stays as it is where version %i was said, and it has 3', (version) => {
    expect(recalledProcess(known, { ...said, version }, AT)).toBeNull();
  });

  it('has what was written of it, under the version that was said, and what became of its reviews still to come', () => {
    const review = { ...toRegistered(known).review!, open: false };
    const changed = {
      ...said,
      owner: 'grace',
      deputy: 'alan',
      triggerPeriod: 'P1M',
      name: 'deploy',
      recordHash: 'other',
    };
    const after = recalledProcess(known, { ...changed, status: 'certified', review }, AT)!;
    expect(after).toMatchObject({ version: 5, owner: 'grace', deputy: 'alan', triggerPeriod: 'P1M', name: 'deploy' });
    expect(after.state).toEqual({ ...known.state, recordHash: 'other' });
    expect([after.review, after.lastResponse, after.origin]).toEqual([known.review, known.lastResponse, known.origin]);
    expect(after.nextDueAt).toEqual(known.nextDueAt);
  });

  it('is due when it was said to be, where its status is the same', () => {
    const later = '2027-01-01T00:00:00.000Z';
    const after = recalledProcess(known, { ...said, status: known.state.status, nextDueAt: later }, AT)!;
    expect(after.nextDueAt).toEqual(new Date(later));
  });

  it('is retired where that was said, and comes back where it was', () => {
    const gone = recalledProcess(known, { ...said, status: 'retired', nextDueAt: null }, AT)!;
    expect(gone).toMatchObject({ state: { status: 'retired', retiredAt: AT }, nextDueAt: null });
    const back = recalledProcess(gone, { ...said, version: 6, status: 'certified' }, AT)!;
    expect(back.state).toMatchObject({ status: 'uncertified', certification: null, recordHash: said.recordHash });
  });

  it('is uncertified and of no source where the backup does not know it, so that its library takes it over', () => {
    const after = recalledProcess(null, { ...said, status: 'certified' }, AT)!;
    expect(after).toMatchObject({ id: known.id, version: 5, owner: 'ada', review: null, registeredAt: AT });
    expect(after.state).toMatchObject({ status: 'uncertified', recordHash: said.recordHash });
    expect(after.origin).toMatchObject({ source: 'restored', text: null });
    expect(recalledProcess(null, { ...said, status: 'retired' }, AT)!.state.status).toBe('retired');
  });

  it('is of the tasks where it is one', () => {
    const task = { ...said, processId: 'task-nightly-backup', section: 'Automations' };
    expect(recalledProcess(null, task, AT)!.origin.source).toBe(TASKS);
    expect(recalledProcess(null, { ...task, section: 'training' }, AT)!.origin.source).toBe('restored');
  });
});
