import { type ReleaseReported, type ReleaseState, type ReleaseView } from '@recert/contracts';

/** What somebody says of a release: GitHub, or the script that deploys. */
export interface ReleaseWord {
  /** One release, whatever is said of it: the same from its start to its end. */
  readonly key: string;
  /** The product, where the sender knows it; else the repository tells. */
  readonly productId: string | null;
  /** Its address. */
  readonly repository: string | null;
  /** What the sender calls it, for whatever is no product. */
  readonly name: string;
  readonly commit: string | null;
  readonly release: string | null;
  readonly environment: string | null;
  readonly state: ReleaseState;
  readonly by: string | null;
  readonly url: string | null;
  readonly at: Date;
  readonly log: string | null;
}

export interface Release extends Omit<ReleaseWord, 'key'> {
  readonly id: string;
  readonly version: number;
  /** The process that it is evidence of. */
  readonly processId: string | null;
  readonly startedAt: Date | null;
}

/** Further, or worse: what was once said to have failed has failed, whatever is said after it. */
const RANK: Readonly<Record<ReleaseState, number>> = { started: 0, deployed: 1, 'rolled-back': 2, failed: 3 };

/** Where a release is written: its product, that product's process, and how it is called. */
export type Placed = Pick<Release, 'id' | 'productId' | 'processId' | 'name'>;

/**
 * The release after a word about it, which may come late or again.
 * @returns null when it says nothing new
 */
export function hear(before: Release | null, word: ReleaseWord, placed: Placed): Release | null {
  const startedAt = word.state === 'started' ? word.at : null;
  if (before === null) {
    const { key: _, ...said } = word;
    return { ...said, ...placed, version: 1, startedAt };
  }
  const isFurther = RANK[word.state] > RANK[before.state];
  const after: Release = {
    ...before,
    ...placed,
    state: isFurther ? word.state : before.state,
    commit: before.commit ?? word.commit,
    release: before.release ?? word.release,
    environment: before.environment ?? word.environment,
    by: before.by ?? word.by,
    url: before.url ?? word.url,
    log: isFurther ? word.log : (before.log ?? word.log),
    at: isFurther ? word.at : before.at,
    startedAt: earlier(before.startedAt, startedAt),
  };
  return isSame(before, after) ? null : { ...after, version: before.version + 1 };
}

function earlier(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}

function isSame(a: Release, b: Release): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

export function toReleaseReported(release: Release): ReleaseReported {
  const { id, process: _, product: productId, ...same } = toReleaseView(release);
  return { releaseId: id, version: release.version, productId, ...same };
}

export function toReleaseView({ id, productId, processId, startedAt, at, ...said }: Release): ReleaseView {
  const { name, repository, commit, release, environment, state, by, url, log } = said;
  return {
    ...{ id, product: productId, process: processId, name, repository, commit, release, environment, state, by, url },
    startedAt: startedAt?.toISOString() ?? null,
    at: at.toISOString(),
    log,
  };
}
