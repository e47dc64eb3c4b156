import { aProcess, hash, now, reason, review, reviewId, rules, states } from '../fixtures/a-process';
import { aProduct } from '../fixtures/a-product';
import { toView, type Process } from '../processes/process';
import { type Product } from '../products/product';
import { type ReadProcess } from './expand-templates';
import { planImport, type ImportPlan } from './plan-import';

type Planned = Extract<ImportPlan, { ok: true }>;

const lugha = aProduct();
const template = (facts: Partial<ReadProcess> = {}): ReadProcess => ({
  id: 'care-deploy',
  name: 'deploy',
  section: 'care',
  owner: 'ada',
  deputy: null,
  triggerPeriod: null,
  product: 'each',
  url: null,
  documented: true,
  record: '# deploy',
  recordHash: hash,
  file: 'library.md',
  line: 3,
  ...facts,
});

function plan(
  existing: readonly Process[],
  processes: ReadProcess[],
  products: Product[],
  onlyProducts = false,
): Planned {
  const libraries = [{ source: 'library.md', processes }];
  const configured = new Set(['library.md']);
  const planned = planImport({ existing, libraries, products, onlyProducts, configured, reason, rules });
  if (!planned.ok) throw new Error(JSON.stringify(planned.errors));
  return planned;
}

/** What is registered after a first import. */
function imported(products: Product[] = [lugha], processes = [template()]): Process[] {
  return plan([], processes, products).changes.map(({ after }) => ({ ...after, version: 1 }));
}
const certified = (process: Process): Process => ({ ...process, state: states.certified });
const of = ({ changes }: Planned, id: string) => changes.find(({ after }) => after.id === id);
const wishes = (planned: Planned, id: string) =>
  of(planned, id)?.events.flatMap((event) => (event.type === 'review-wanted' ? [event.reason] : []));
const OWN = 'lugha-care-deploy';

describe('a record that every product has', () => {
  it('is shown and never due, and a process of each product is', () => {
    const planned = plan([], [template()], [lugha]);
    expect(planned.found.created.map(({ id }) => id)).toEqual(['care-deploy', OWN]);
    expect(of(planned, 'care-deploy')?.after).toMatchObject({ product: 'each', documented: true, nextDueAt: null });
    const own = of(planned, OWN);
    expect(own?.record).toBe('# deploy');
    expect(toView(own!.after)).toMatchObject({
      ...{ product: 'lugha', owner: 'grace', deputy: 'carol', documented: true, triggerPeriod: 'P1Y' },
      nextDueAt: '2026-11-20T09:05:00.000Z',
    });
  });

  it('changes nothing when it is read again', () => {
    expect(plan(imported(), [template()], [lugha])).toMatchObject({ changes: [], found: { unchanged: 2 } });
  });

  it('has each product asked anew where it was edited, and nobody about itself', () => {
    const existing = imported().map((process) => (process.id === OWN ? certified(process) : process));
    const planned = plan(existing, [template({ recordHash: 'b'.repeat(64), record: '# new' })], [lugha]);
    expect(planned.found.changed.map(({ id, fields }) => [id, fields])).toEqual([
      ['care-deploy', ['record']],
      [OWN, ['record']],
    ]);
    expect([wishes(planned, 'care-deploy'), wishes(planned, OWN)]).toEqual([[], ['record-edited']]);
    expect(of(planned, 'care-deploy')?.after.nextDueAt).toBeNull();
  });

  it('retires all of them when it is gone, and brings them back with it', () => {
    const planned = plan(imported(), [], [lugha]);
    expect(planned.found.retired.map(({ id }) => id)).toEqual(['care-deploy', OWN]);
    const back = plan(
      planned.changes.map(({ after }) => after),
      [template()],
      [lugha],
    );
    expect(back.found.restored.map(({ id }) => id)).toEqual(['care-deploy', OWN]);
    expect(of(back, 'care-deploy')?.after).toMatchObject({ state: { status: 'uncertified' }, nextDueAt: null });
    expect(of(back, OWN)?.after).toMatchObject({
      state: { status: 'uncertified' },
      nextDueAt: expect.any(Date) as Date,
    });
  });

  it.each([
    ['certified', states.certified],
    ['due', states.due],
    ['updating', states.updating],
    ['overdue', states.overdue],
  ])('ends what was %s of it before it became one', (_status, state) => {
    const before = aProcess({
      ...imported([], [template({ product: null })])[0]!,
      ...{ state, review: { ...review, open: state.status !== 'certified' } },
    });
    const planned = plan([before], [template()], []);
    expect(of(planned, before.id)).toMatchObject({
      events: [],
      after: {
        product: 'each',
        documented: true,
        nextDueAt: null,
        review: { open: false },
        state: { status: 'uncertified', certification: null, closedReviewId: reviewId, recordHash: hash },
      },
    });
    expect(plan([of(planned, before.id)!.after], [template()], []).changes).toEqual([]);
  });

  it('is never due any more where it was registered as a process like others, and others hear of it', () => {
    const before = { ...imported([])[0]!, nextDueAt: now };
    const planned = plan([before], [template()], []);
    expect(planned.found).toMatchObject({ changed: [], unchanged: 1 });
    expect(planned.changes).toEqual([expect.objectContaining({ before, after: { ...before, nextDueAt: null } })]);
    expect(planned.changes[0]?.quiet).toBeUndefined();
    expect(plan([planned.changes[0]!.after], [template()], []).changes).toEqual([]);
  });

  it('is due soon once it is a process of its own, and the products have it no more', () => {
    const late = new Date(now.getTime() - 1);
    const existing = imported().map((process) => ({ ...process, documentedAt: late }));
    const planned = plan(existing, [template({ product: null })], [lugha]);
    expect(planned.found.retired.map(({ id }) => id)).toEqual([OWN]);
    expect(of(planned, 'care-deploy')?.after).toMatchObject({
      ...{ product: null, documentedAt: now },
      nextDueAt: new Date('2026-11-20T09:05:00.000Z'),
    });
  });

  it('is refused where the library has a process with the id of one of the products', () => {
    const processes = [template(), template({ id: OWN, name: 'mine', product: null, line: 9 })];
    const scene = { libraries: [{ source: 'library.md', processes }], products: [lugha], reason, rules };
    const planned = planImport({ ...scene, existing: imported(), configured: new Set(['library.md']) });
    expect(planned).toMatchObject({ ok: false, errors: [{ line: 9 }] });
    expect(JSON.stringify(planned)).toContain('Lugha: deploy');
  });
});

describe('a product', () => {
  const onlyProducts = (existing: readonly Process[], products: Product[]) =>
    plan(existing, [template()], products, true);

  it('that is not active retires its processes, and has them back when it is', () => {
    const existing = imported();
    const ended = onlyProducts(existing, [{ ...lugha, active: false }]);
    expect(ended.found.retired).toEqual([{ id: OWN, name: 'Lugha: deploy' }]);
    const after = [existing[0]!, of(ended, OWN)!.after];
    expect(onlyProducts(after, [lugha]).found.restored).toEqual([{ id: OWN, name: 'Lugha: deploy' }]);
  });

  it('leaves everything alone that is not about products', () => {
    const other = aProcess({ id: 'other' });
    expect(onlyProducts([other, ...imported()], [lugha])).toMatchObject({ changes: [], found: { unchanged: 2 } });
    expect(plan([other, ...imported()], [template()], [lugha]).found.retired).toHaveLength(1);
  });

  it('gives its processes its name and its owner, who is asked', () => {
    const existing = imported().map((process) => (process.id === OWN ? certified(process) : process));
    const planned = onlyProducts(existing, [{ ...lugha, name: 'Lugha 2', owner: 'alan' }]);
    expect(planned.found.changed).toEqual([{ id: OWN, name: 'Lugha 2: deploy', fields: ['owner', 'name'] }]);
    expect(wishes(planned, OWN)).toEqual(['owner-changed']);
    expect(of(planned, OWN)?.after).toMatchObject({ owner: 'alan', deputy: 'carol' });
  });

  it.each([
    ['owner', { owner: 'eve' }, { owner: 'alan' }, { owner: 'eve', deputy: 'carol' }],
    ['deputy', { deputy: 'eve' }, { admins: ['bob'] }, { owner: 'grace', deputy: 'eve' }],
    ['deputy nobody', { deputy: null }, { name: 'Kuhama' }, { owner: 'grace', deputy: null }],
  ])('leaves the %s as it was set by hand, now and later', (_what, byHand, change, expected) => {
    const existing = imported().map((process) => (process.id === OWN ? { ...process, ...byHand } : process));
    const [kept] = onlyProducts(existing, [{ ...lugha, ...change }]).changes;
    expect(kept?.after).toMatchObject(expected);
    const again = onlyProducts([existing[0]!, kept!.after], [{ ...lugha, ...change }]);
    expect(again.changes).toEqual([]);
  });

  it('has no deputy where the new owner is the one who was set by hand', () => {
    const existing = imported().map((process) => (process.id === OWN ? { ...process, deputy: 'eve' } : process));
    expect(of(onlyProducts(existing, [{ ...lugha, owner: 'eve' }]), OWN)?.after).toMatchObject({
      ...{ owner: 'eve', deputy: null },
    });
  });

  it('that was away says again whose its processes are', () => {
    const retired = { ...imported()[1]!, owner: 'eve', deputy: 'bob', state: states.retired };
    const planned = onlyProducts([imported()[0]!, retired], [lugha]);
    expect(of(planned, OWN)?.after).toMatchObject({ owner: 'grace', deputy: 'carol' });
  });
});
