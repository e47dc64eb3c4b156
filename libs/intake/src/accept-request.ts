import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { isOperational, newEventId, within } from '@recert/bus';
import { Clock, OperationalError } from '@recert/service-kit';
import { GroupCommit } from './group-commit';
import { type Admission, type Hook, type HookRequest } from './hook';
import { IntakeRepository, type NewIntake } from './intake.repository';
import { type Kept } from './spool/spool';
import { WriteOrSpool } from './write-or-spool';

/** As many rows as one statement writes: more would wait longer than a second one costs. */
const MOST_AT_ONCE = 256;
/** So long a sender may send the same again because it did not hear the answer. */
const REPEAT_MS = 86_400_000;
/** A look for repeats that takes longer finds none: it is part of the second that a sender waits. */
const LOOK_MS = 150;
const MOST_REMEMBERED = 10_000;
const LONGEST_HEADER = 1_000;

/** What a sender is answered. */
export interface Accepted {
  readonly id: string;
  /** The same thing was here before, under this id. */
  readonly repeated: boolean;
}

type Admitted = Extract<Admission, { ok: true }>;

interface Last {
  readonly digest: string;
  readonly id: Promise<string>;
  readonly at: Date;
}

/** Writes requests down, each once, and tells of those that are new. */
@Injectable()
export class AcceptRequest {
  private readonly commit: GroupCommit<NewIntake, Kept>;
  /** The last request of each sender at each hook, also while it is being written. */
  private readonly last = new Map<string, Last>();

  constructor(
    private readonly intake: IntakeRepository,
    private readonly keeping: WriteOrSpool,
    private readonly clock: Clock,
  ) {
    this.commit = new GroupCommit((group) => keeping.keep(group), MOST_AT_ONCE);
  }

  /** How many wait for their commit. */
  get waiting(): number {
    return this.commit.waiting;
  }

  /**
   * Resolves when it is committed, or on the disk while the database is away.
   * @throws OperationalError when neither can be done
   */
  accept(hook: Hook, request: HookRequest, admitted: Admitted): Promise<Accepted> {
    return admitted.repeats === 'signed'
      ? this.acceptSigned(hook, request, admitted)
      : this.acceptLatest(hook, request, admitted);
  }

  private async acceptSigned(hook: Hook, request: HookRequest, admitted: Admitted): Promise<Accepted> {
    const repeatKey = fingerprint(request.body);
    const row = newIntake(hook, request, admitted, this.clock.now(), { repeatKey, digest: null });
    const kept = await this.commit.add(row);
    if (kept.kind === 'refused') throw noRoom();
    if (kept.kind === 'new') return { id: row.id, repeated: false };
    const before = kept.id ?? (await this.ask(() => this.intake.idOf(hook.name, repeatKey)));
    return { id: before ?? row.id, repeated: true };
  }

  private async acceptLatest(hook: Hook, request: HookRequest, admitted: Admitted): Promise<Accepted> {
    const digest = fingerprint(request.body);
    const lane = `${hook.name}\n${request.target ?? ''}\n${admitted.sender}`;
    const before = this.last.get(lane) ?? (await this.remember(lane, hook, request, admitted));
    const ageMs = before === undefined ? 0 : this.clock.now().getTime() - before.at.getTime();
    const isRepeat = before?.digest === digest && ageMs < (admitted.repeatMs ?? REPEAT_MS);
    if (isRepeat) return { id: await before.id, repeated: true };
    const row = newIntake(hook, request, admitted, this.clock.now(), { repeatKey: null, digest });
    const id = this.commit.add(row).then(({ kind }) => {
      if (kind === 'refused') throw noRoom();
      return row.id;
    });
    const mine: Last = { digest, id, at: this.clock.now() };
    this.last.set(lane, mine);
    try {
      return { id: await id, repeated: false };
    } catch (error) {
      // What was not written is no repeat of anything.
      if (this.last.get(lane) === mine) this.last.delete(lane);
      throw error;
    }
  }

  /** After a start the table knows what was last. */
  private async remember(
    lane: string,
    hook: Hook,
    request: HookRequest,
    { sender }: Admitted,
  ): Promise<Last | undefined> {
    const found = await this.ask(() => this.intake.latest(sender, hook.name, request.target));
    const meanwhile = this.last.get(lane);
    if (meanwhile !== undefined || found === null) return meanwhile;
    if (this.last.size >= MOST_REMEMBERED) this.last.clear();
    const last: Last = { digest: found.digest, id: Promise.resolve(found.id), at: found.receivedAt };
    this.last.set(lane, last);
    return last;
  }

  /** Asks the table, where it answers soon. @returns null where it does not */
  private async ask<T>(question: () => Promise<T>): Promise<T | null> {
    if (this.keeping.isAway) return null;
    try {
      return await within(LOOK_MS, question());
    } catch (error) {
      if (!isOperational(error)) throw error;
      return null;
    }
  }
}

function noRoom(): OperationalError {
  return new OperationalError('the database is away, and the spool takes no more');
}

function newIntake(
  hook: Hook,
  request: HookRequest,
  { sender, productId }: Admitted,
  receivedAt: Date,
  known: Pick<NewIntake, 'repeatKey' | 'digest'>,
): NewIntake {
  const { target, body, headers } = request;
  const kept: Record<string, string> = {};
  for (const name of hook.keptHeaders) {
    const value = headers[name];
    // Node lets neither NUL nor half a character through in a header.
    if (typeof value === 'string') kept[name] = value.slice(0, LONGEST_HEADER);
  }
  const id = newEventId(receivedAt);
  return { id, hook: hook.name, target, sender, productId, receivedAt, headers: kept, body, attempts: 1, ...known };
}

/** 128 bits of SHA-256 in hexadecimal: small enough for an index that every request is written into. */
function fingerprint(body: Buffer): string {
  return hash('sha256', body, 'hex').slice(0, 32);
}
