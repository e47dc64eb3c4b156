import { createHash } from 'node:crypto';
import { type ImportReport } from '@recert/contracts';
import { parsePeriod, registered, type ProcessCommand, type ProcessEvent } from '@recert/recertification';
import { withNextDue } from '../processes/process-calendar';
import { command, historyOf, type ProcessChange, type Reason, type Rules } from '../processes/process-change';
import { isTemplate, type Origin, type Process } from '../processes/process';
import { type Product } from '../products/product';
import { TASKS } from '../tasks/task';
import { expandTemplates, type ListedLibrary, type ListedProcess, type ReadLibrary } from './expand-templates';
import { type Finding } from './parsed-library';

/** The source of a library that somebody has sent as a text. */
export const UPLOAD = 'upload';
/** How often a process is reviewed whose record does not say. */
const DEFAULT_PERIOD = 'P1Y';

export interface ImportScene {
  /** Every process there is, of whatever source. */
  readonly existing: readonly Process[];
  readonly libraries: readonly ReadLibrary[];
  /** Each active one has a process of its own of every record with `product: each`. */
  readonly products: readonly Product[];
  /** Where only what is about products is listed: then everything else stays as it is. */
  readonly onlyProducts?: boolean;
  /** The sources that still count: a process of another one may be taken over. */
  readonly configured: ReadonlySet<string>;
  readonly reason: Reason;
  readonly rules: Rules;
}

/** What an import comes upon, as its report says it. */
export type ImportFindings = Pick<
  ImportReport,
  'created' | 'changed' | 'ownerLost' | 'retired' | 'restored' | 'unchanged'
>;

/** What an import does, or every reason why it cannot be done. */
export type ImportPlan =
  | { readonly ok: true; readonly changes: readonly ProcessChange[]; readonly found: ImportFindings }
  | { readonly ok: false; readonly errors: readonly Finding[] };

/**
 * Compares libraries with what is registered. Nothing is deleted: what is gone from these libraries is retired. Owner,
 * deputy and period change only where the library itself says something new, so that what was set here survives.
 */
export function planImport(scene: ImportScene): ImportPlan {
  const existing = new Map(scene.existing.map((process) => [process.id, process]));
  const libraries = expandTemplates(scene.libraries, scene.products, existing);
  const errors = findConflicts(scene, libraries);
  if (errors.length > 0) return { ok: false, errors };
  const plan: { changes: ProcessChange[]; found: ImportFindings } = {
    changes: [],
    found: { created: [], changed: [], ownerLost: [], retired: [], restored: [], unchanged: 0 },
  };
  const listed = new Set<string>();
  for (const { source, processes } of libraries) {
    for (const process of processes) {
      listed.add(process.id);
      const before = existing.get(process.id) ?? null;
      const origin = originOf(source, process);
      note(plan, before === null ? create(process, origin, scene) : update(before, process, origin, scene));
    }
  }
  for (const process of goneFrom(scene, listed)) note(plan, retire(process, scene));
  return { ok: true, ...plan };
}

function goneFrom({ existing, libraries, onlyProducts }: ImportScene, listed: ReadonlySet<string>): Process[] {
  const sources = new Set(libraries.map((library) => library.source));
  return existing.filter(({ id, product, origin, state }) => {
    const isConcerned = sources.has(origin.source) && (product !== null || !onlyProducts);
    return isConcerned && !listed.has(id) && state.status !== 'retired';
  });
}

/** Sorts a change into the report; one that changes nothing is left out. */
function note({ changes, found }: { changes: ProcessChange[]; found: ImportFindings }, change: ProcessChange): void {
  const { before, after } = change;
  const named = { id: after.id, name: after.name };
  const fields = before === null ? [] : historyOf(change).map((row) => row.field);
  if (before === null) found.created.push(named);
  else if (before.state.status !== 'retired' && after.state.status === 'retired') found.retired.push(named);
  else if (before.state.status === 'retired' && after.state.status !== 'retired') found.restored.push(named);
  else if (fields.length > 0) found.changed.push({ ...named, fields });
  else {
    found.unchanged += 1;
    // It was a process like others when it was registered, before products had processes of their own.
    if (isTemplate(after) && before.nextDueAt !== null) changes.push(change);
    else if (!isSameOrigin(before.origin, after.origin)) changes.push({ ...change, quiet: true });
    return;
  }
  if (before?.owner && after.owner === null) found.ownerLost.push({ ...named, owner: before.owner });
  changes.push(change);
}

function create(parsed: ListedProcess, origin: Origin, { reason, rules }: ImportScene): ProcessChange {
  const { id, name, section, owner, deputy, documented, url, product, record, recordHash } = parsed;
  const process: Process = {
    ...{ id, version: 0, name, section, owner, deputy, documented, url, product, origin },
    triggerPeriod: origin.triggerPeriod ?? DEFAULT_PERIOD,
    state: registered({ recordHash }),
    review: null,
    lastResponse: null,
    registeredAt: reason.at,
    documentedAt: documented ? reason.at : null,
    nextDueAt: null,
  };
  return { before: null, after: withNextDue(process, rules.calendar), events: [], reason, record };
}

function update(before: Process, parsed: ListedProcess, origin: Origin, scene: ImportScene): ProcessChange {
  const { reason, rules } = scene;
  const last = before.origin;
  const named: Process = {
    ...before,
    name: parsed.name,
    section: parsed.section,
    url: parsed.url,
    product: parsed.product,
    ...peopleOf(before, parsed, origin),
    triggerPeriod:
      origin.triggerPeriod === last.triggerPeriod ? before.triggerPeriod : (origin.triggerPeriod ?? DEFAULT_PERIOD),
    origin,
  };
  const { process, events } = follow(named, before, parsed, scene);
  const record = origin.text === last.text ? {} : { record: parsed.record };
  return { before, after: withNextDue(process, rules.calendar), events: lastWishOnly(events), reason, ...record };
}

/**
 * Whose it is now. A line of the library that says something new outweighs what was set by hand; a new owner or admin of
 * the product does not, because nobody has meant this very process by it.
 */
function peopleOf(before: Process, parsed: ListedProcess, origin: Origin): Pick<Process, 'owner' | 'deputy'> {
  const isOfProduct = parsed.product !== null && !isTemplate(parsed);
  // Whoever was named by hand before it was retired may have left since.
  if (isOfProduct && before.state.status === 'retired') return { owner: origin.owner, deputy: origin.deputy };
  const follow = (field: 'owner' | 'deputy'): string | null => {
    const [is, last, now] = [before[field], before.origin[field], origin[field]];
    const isByHand = isOfProduct && is !== null && is !== last;
    return now === last || isByHand ? is : now;
  };
  const [owner, deputy] = [follow('owner'), follow('deputy')];
  return { owner, deputy: isOfProduct && deputy === owner ? null : deputy };
}

interface Followed {
  readonly process: Process;
  readonly events: readonly ProcessEvent[];
}

/** What the library's news means for the life of the process. */
function follow(process: Process, before: Process, parsed: ListedProcess, scene: ImportScene): Followed {
  const { at } = scene.reason;
  const hash = parsed.recordHash;
  if (hash === null || !parsed.documented) return withoutRecord(process, scene);
  if (isTemplate(parsed)) return asTemplate(process, hash, scene);
  if (process.state.status === 'retired') {
    return {
      ...obey({ process: { ...process, documented: true, documentedAt: at }, events: [] }, scene, {
        type: 'restore',
        at,
        hash,
      }),
    };
  }
  const isNew = !before.documented || isTemplate(before);
  let followed: Followed = {
    process: { ...process, documented: true, documentedAt: isNew ? at : process.documentedAt },
    events: [],
  };
  followed = obey(followed, scene, { type: 'change-record', at, hash });
  return process.owner === before.owner ? followed : obey(followed, scene, { type: 'change-owner', at });
}

/** An item of the list without a record: there is nothing to certify, and what was certified is gone. */
function withoutRecord(process: Process, scene: ImportScene): Followed {
  const isFresh = !process.documented && process.state.status === 'uncertified';
  if (isFresh) return { process, events: [] };
  return { process: { ...startedOver(process, null, scene), documented: false, documentedAt: null }, events: [] };
}

/** A record that every product has is certified product by product: what was certified or asked of it alone is over. */
function asTemplate(process: Process, hash: string, scene: ImportScene): Followed {
  const { at } = scene.reason;
  const documented = { documented: true, documentedAt: process.documentedAt ?? at };
  if (process.state.status !== 'uncertified') {
    return { process: { ...startedOver(process, hash, scene), ...documented }, events: [] };
  }
  const { process: changed } = obey({ process, events: [] }, scene, { type: 'change-record', at, hash });
  return { process: { ...changed, ...documented }, events: [] };
}

/** As if it were registered now, but for the review that was closed last. */
function startedOver(process: Process, recordHash: string | null, scene: ImportScene): Process {
  const closed = obey({ process, events: [] }, scene, { type: 'retire', at: scene.reason.at }).process;
  const { closedReviewId } = closed.state;
  return { ...closed, state: { ...registered({ recordHash }), closedReviewId } };
}

function obey({ process, events }: Followed, { rules }: ImportScene, order: ProcessCommand): Followed {
  const decided = command(process, order, rules);
  if ('refused' in decided) return { process, events };
  return { process: decided.after, events: [...events, ...decided.events] };
}

/** A record that was edited and given to somebody else in one go is asked about once, and for the later reason. */
function lastWishOnly(events: readonly ProcessEvent[]): ProcessEvent[] {
  const last = events.findLast((event) => event.type === 'review-wanted');
  return events.filter((event) => event.type !== 'review-wanted' || event === last);
}

function retire(before: Process, scene: ImportScene): ProcessChange {
  const { process, events } = obey({ process: before, events: [] }, scene, { type: 'retire', at: scene.reason.at });
  return { before, after: process, events, reason: scene.reason };
}

function originOf(source: string, listed: ListedProcess): Origin {
  const { position, owner, deputy, triggerPeriod, record } = listed;
  const parsed = triggerPeriod === null ? null : parsePeriod(triggerPeriod);
  const text = record === null ? null : createHash('sha256').update(record).digest('hex');
  return { source, position, owner, deputy, triggerPeriod: parsed?.ok ? parsed.iso : null, text };
}

function isSameOrigin(a: Origin, b: Origin): boolean {
  const keys = ['source', 'position', 'owner', 'deputy', 'triggerPeriod', 'text'] as const;
  return keys.every((key) => a[key] === b[key]);
}

/** Ids that two libraries claim. A process that is retired, or of a source that no longer counts, may be taken over. */
function findConflicts({ existing, configured }: ImportScene, libraries: readonly ListedLibrary[]): Finding[] {
  const sources = new Set(libraries.map((library) => library.source));
  const holders = new Map<string, string>();
  for (const { id, name, origin, state } of existing) {
    const isOther = !sources.has(origin.source);
    // Tasks come back under their id, and what a library once had is no history of theirs.
    const isOfTasks = origin.source === TASKS || sources.has(TASKS);
    const isHeld = isOther && (isOfTasks || (configured.has(origin.source) && state.status !== 'retired'));
    if (isHeld) holders.set(id, `"${name}" of ${origin.source}`);
  }
  const errors: Finding[] = [];
  for (const { source, processes } of libraries) {
    for (const { id, name, file, line } of processes) {
      const holder = holders.get(id);
      const message = `"${name}" of ${source} has the id "${id}", and so has ${holder}: rename one of them`;
      if (holder !== undefined) errors.push({ file, line, message });
      else holders.set(id, `"${name}" of ${source} (${file}:${line})`);
    }
  }
  return errors;
}
