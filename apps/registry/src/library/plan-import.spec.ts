import { aProcess, hash, now, reason, review, rules, states } from '../fixtures/a-process';
import { type Process } from '../processes/process';
import { historyOf } from '../processes/process-change';
import { type ParsedProcess } from './parsed-library';
import { planImport, type ImportPlan, type ImportScene } from './plan-import';

const otherHash = 'b'.repeat(64);
const record = '# mix dough\n\nowner: ada';

const parsed = (facts: Partial<ParsedProcess> = {}): ParsedProcess => ({
  id: 'baking-mix-dough',
  name: 'mix dough',
  section: 'baking',
  owner: 'ada',
  deputy: null,
  triggerPeriod: null,
  product: null,
  url: null,
  documented: true,
  record,
  recordHash: hash,
  file: 'library.md',
  line: 3,
  ...facts,
});
const gap: Partial<ParsedProcess> = { documented: false, record: null, recordHash: null, owner: null };

const scene = (existing: Process[], processes: ParsedProcess[], more: Partial<ImportScene> = {}): ImportScene => ({
  existing,
  libraries: [{ source: 'library.md', processes }],
  products: [],
  configured: new Set(['library.md', 'other.md', 'upload']),
  reason,
  rules,
  ...more,
});

type Planned = Extract<ImportPlan, { ok: true }>;

function plan(existing: Process[], processes: ParsedProcess[], more: Partial<ImportScene> = {}): Planned {
  const planned = planImport(scene(existing, processes, more));
  if (!planned.ok) throw new Error(JSON.stringify(planned.errors));
  return planned;
}

/** As it is after a first import of `text`. */
function imported(text: ParsedProcess, facts: Partial<Process> = {}): Process {
  return { ...plan([], [text]).changes[0]!.after, version: 1, ...facts };
}

const only = ({ changes }: Planned) => {
  expect(changes).toHaveLength(1);
  return changes[0]!;
};
const wishes = (planned: Planned) =>
  only(planned).events.flatMap((event) => (event.type === 'review-wanted' ? [event.reason] : []));

describe('a first import', () => {
  it('registers what is written down, uncertified and due soon', () => {
    const planned = plan([], [parsed({ triggerPeriod: 'quarterly', deputy: 'bob' })]);
    expect(planned.found.created).toEqual([{ id: 'baking-mix-dough', name: 'mix dough' }]);
    expect(only(planned)).toMatchObject({
      before: null,
      record,
      after: {
        owner: 'ada',
        deputy: 'bob',
        triggerPeriod: 'P3M',
        state: { status: 'uncertified', recordHash: hash },
        nextDueAt: new Date('2026-11-20T09:05:00.000Z'),
      },
    });
  });

  it('takes a year for the period of a record that says none', () => {
    expect(only(plan([], [parsed()])).after.triggerPeriod).toBe('P1Y');
  });

  it('shows what nobody has written down, and never asks about it', () => {
    const { after } = only(plan([], [parsed(gap)]));
    expect(after).toMatchObject({ documented: false, documentedAt: null, nextDueAt: null });
    expect(after.state).toMatchObject({ status: 'uncertified', recordHash: null });
  });
});

describe('the same library again', () => {
  it('changes nothing', () => {
    const texts = [parsed(), parsed({ ...gap, id: 'baking-sell', name: 'sell' })];
    const existing = plan([], texts).changes.map((change) => ({ ...change.after, version: 1 }));
    expect(plan(existing, texts)).toEqual({
      ok: true,
      changes: [],
      found: { created: [], changed: [], ownerLost: [], retired: [], restored: [], unchanged: 2 },
    });
  });

  it.each([
    ['its place', { position: 4 }],
    ['lines around the record', { text: 'other' }],
  ])('keeps %s up to date without telling anybody', (_what, origin) => {
    const before = imported(parsed());
    const planned = plan([{ ...before, origin: { ...before.origin, ...origin } }], [parsed()]);
    expect(planned.found).toMatchObject({ changed: [], unchanged: 1 });
    expect(only(planned)).toMatchObject({ quiet: true, after: { origin: before.origin } });
    expect(historyOf(only(planned))).toEqual([]);
  });
});

describe('an edited record', () => {
  it('is never silently trusted where it was certified', () => {
    const before = imported(parsed(), { state: states.certified });
    const planned = plan([before], [parsed({ recordHash: otherHash, record: 'new text' })]);
    expect(wishes(planned)).toEqual(['record-edited']);
    expect(only(planned).after.state).toMatchObject({ status: 'certified', recordHash: otherHash });
    expect(only(planned).record).toBe('new text');
    expect(planned.found.changed).toEqual([{ id: before.id, name: before.name, fields: ['record'] }]);
  });

  it('is asked about once more where its owner had promised it', () => {
    const before = imported(parsed(), { state: states.updating, review: { ...review, open: true } });
    expect(wishes(plan([before], [parsed({ recordHash: otherHash })]))).toEqual(['record-updated']);
  });

  it('asks nobody where nobody had certified it', () => {
    expect(wishes(plan([imported(parsed())], [parsed({ recordHash: otherHash })]))).toEqual([]);
  });
});

describe('an owner, a deputy, a period', () => {
  it('follow the library where it says something new', () => {
    const planned = plan([imported(parsed())], [parsed({ owner: 'bob', deputy: 'ada', triggerPeriod: 'P6M' })]);
    expect(only(planned).after).toMatchObject({ owner: 'bob', deputy: 'ada', triggerPeriod: 'P6M' });
    expect(planned.found.changed[0]?.fields).toEqual(['owner', 'deputy', 'triggerPeriod']);
  });

  it('stay as they were set by hand while the library says the same as before', () => {
    const byHand = { owner: 'grace', deputy: 'alan', triggerPeriod: 'P1M' };
    const before = imported(parsed(), byHand);
    expect(plan([before], [parsed()])).toMatchObject({ changes: [], found: { unchanged: 1 } });
    const renamed = only(plan([before], [parsed({ name: 'Mix dough' })])).after;
    expect(renamed).toMatchObject({ ...byHand, name: 'Mix dough' });
  });

  it('give way to the library when that line changes', () => {
    const before = imported(parsed(), { owner: 'grace' });
    expect(only(plan([before], [parsed({ owner: 'bob' })])).after.owner).toBe('bob');
  });

  it('need no word when the library comes to say what was set by hand', () => {
    const planned = plan([imported(parsed(), { owner: 'grace' })], [parsed({ owner: 'grace' })]);
    expect(only(planned)).toMatchObject({ quiet: true, after: { owner: 'grace', origin: { owner: 'grace' } } });
  });

  it('are the default again when the library takes its period away', () => {
    const before = imported(parsed({ triggerPeriod: 'P1M' }));
    expect(only(plan([before], [parsed()])).after.triggerPeriod).toBe('P1Y');
  });

  it('are the same in other words', () => {
    const before = imported(parsed({ triggerPeriod: 'P1Y' }));
    expect(plan([before], [parsed({ triggerPeriod: 'annual' })]).changes).toEqual([]);
  });

  it('have a new owner asked, and the loss of one reported', () => {
    const before = imported(parsed(), { state: states.certified });
    expect(wishes(plan([before], [parsed({ owner: 'bob' })]))).toEqual(['owner-changed']);
    const lost = plan([before], [parsed({ owner: null })]);
    expect(lost.found.ownerLost).toEqual([{ id: before.id, name: before.name, owner: 'ada' }]);
    expect(wishes(lost)).toEqual(['owner-changed']);
  });

  it('ask once where the record was edited and given away in one go', () => {
    const before = imported(parsed(), { state: states.certified });
    expect(wishes(plan([before], [parsed({ owner: 'bob', recordHash: otherHash })]))).toEqual(['owner-changed']);
  });
});

describe('a record that is gone', () => {
  const certified = imported(parsed(), { state: states.certified });

  it('retires its process, once', () => {
    const planned = plan([certified], []);
    expect(planned.found.retired).toEqual([{ id: certified.id, name: certified.name }]);
    const { after } = only(planned);
    expect(after).toMatchObject({ state: { status: 'retired', retiredAt: now }, nextDueAt: null });
    expect(plan([after], []).changes).toEqual([]);
  });

  it('leaves alone what came from another library', () => {
    const other = aProcess({ id: 'x', origin: { ...certified.origin, source: 'other.md' } });
    expect(plan([other], []).changes).toEqual([]);
  });

  it('is trusted by nobody when it comes back', () => {
    const { after: retired } = only(plan([certified], []));
    const planned = plan([{ ...retired, version: 2 }], [parsed()]);
    expect(planned.found.restored).toEqual([{ id: certified.id, name: certified.name }]);
    expect(only(planned).after).toMatchObject({
      state: { status: 'uncertified', certification: null },
      documentedAt: now,
      nextDueAt: new Date('2026-11-20T09:05:00.000Z'),
    });
  });

  it('is a gap where the list still names it: nothing is certified any more, and an open review is closed', () => {
    const asked = imported(parsed(), { state: states.due, review: { ...review, open: true } });
    const planned = plan([asked], [parsed(gap)]);
    expect(planned.found.changed[0]?.fields).toEqual(['status', 'certificationDate', 'owner', 'record', 'documented']);
    expect(only(planned).after).toMatchObject({
      documented: false,
      state: { status: 'uncertified', certification: null, closedReviewId: review.id },
      review: { open: false },
      nextDueAt: null,
    });
  });

  it('makes a gap a process when it is written down', () => {
    const written = only(plan([imported(parsed(gap))], [parsed()])).after;
    expect(written).toMatchObject({ documented: true, documentedAt: now, nextDueAt: new Date('2026-11-20T09:05:00Z') });
  });
});

describe('an id that two libraries claim', () => {
  const held = aProcess({ origin: { ...aProcess().origin, source: 'other.md' } });

  it('is an error that names both, for each of them', () => {
    const planned = planImport(scene([held], [parsed()]));
    expect(planned).toMatchObject({
      ok: false,
      errors: [
        {
          file: 'library.md',
          line: 3,
          message:
            '"mix dough" of library.md has the id "baking-mix-dough", and so has "mix dough" of other.md: rename one of them',
        },
      ],
    });
  });

  it('is an error too where both are imported at once', () => {
    const both = ['library.md', 'other.md'].map((source) => ({ source, processes: [parsed({ file: source })] }));
    const planned = planImport(scene([], [], { libraries: both }));
    expect(planned).toMatchObject({ ok: false, errors: [{ file: 'other.md' }] });
    expect(JSON.stringify(planned)).toContain('library.md:3');
  });

  it('moves from one library to another without losing anything', () => {
    const certified = { ...held, state: states.certified };
    const libraries = [
      { source: 'other.md', processes: [] },
      { source: 'library.md', processes: [parsed()] },
    ];
    const { after } = only(plan([certified], [], { libraries }));
    expect(after).toMatchObject({ state: { status: 'certified' }, origin: { source: 'library.md' } });
  });

  it('is free where its process is retired, or its library counts no more', () => {
    const retired = { ...held, state: states.retired };
    expect(plan([retired], [parsed()]).found.restored).toHaveLength(1);
    const configured = new Set(['library.md']);
    expect(only(plan([held], [parsed()], { configured })).after.origin.source).toBe('library.md');
  });
});
