import { Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { ProcessCertified, ProcessRegistered, ProcessRetired, ReviewRequested } from '@recert/contracts';
import { type ProcessEvent } from '@recert/recertification';
import { type HistoryEntry } from '../history/history-chain';
import { HistoryRepository } from '../history/history.repository';
import { MakeOwners } from '../people/make-owners';
import { EvidenceRepository } from './evidence.repository';
import { toRegistered, type Process } from './process';
import { historyOf, type ProcessChange } from './process-change';
import { ProcessRepository } from './process.repository';

/** The one way to change processes: rows, evidence, history and events belong to one transaction. */
@Injectable()
export class ProcessWriter {
  constructor(
    private readonly processes: ProcessRepository,
    private readonly evidence: EvidenceRepository,
    private readonly history: HistoryRepository,
    private readonly owners: MakeOwners,
  ) {}

  /**
   * Writes changes of processes that the transaction has locked, in as many statements as one would take. Once in a
   * transaction, and last in it: the end of the history is locked by it.
   * @param others rows of the history about what changed beside the processes
   * @returns the processes as they are now
   * @throws StaleProcessError when one of them is not any more what it was `before`
   */
  async write(tx: Tx, changes: readonly ProcessChange[], others: readonly HistoryEntry[] = []): Promise<Process[]> {
    const versioned = changes.map(withVersion);
    const made = await this.makeOwners(tx, versioned);
    // Sent one behind the other without waiting: the connection keeps their order, and one that fails undoes all.
    await Promise.all([
      this.processes.save(tx, versioned),
      this.evidence.note(tx, versioned),
      this.history.append(tx, [...versioned.flatMap(historyOf), ...others, ...made]),
    ]);
    return announce(tx, versioned);
  }

  /**
   * As `write`, for processes that were only read: their rows are locked before the end of the history, as everywhere.
   * @param saved hears how many of them are written, again and again where they are many
   */
  async writeUnlocked(
    tx: Tx,
    changes: readonly ProcessChange[],
    others: readonly HistoryEntry[] = [],
    saved?: (count: number) => void,
  ): Promise<Process[]> {
    const versioned = changes.map(withVersion);
    await this.processes.save(tx, versioned, saved);
    const made = await this.makeOwners(tx, versioned);
    await this.evidence.note(tx, versioned);
    await this.history.append(tx, [...versioned.flatMap(historyOf), ...others, ...made]);
    return announce(tx, versioned);
  }

  private async makeOwners(tx: Tx, changes: readonly ProcessChange[]): Promise<HistoryEntry[]> {
    const given = changes.flatMap(givenBy);
    return given.length === 0 ? [] : this.owners.of(tx, [...new Set(given)], changes[0]!.reason);
  }
}

/** Who has to answer for the process by this change, and had not before. */
function givenBy({ before, after }: ProcessChange): string[] {
  if (after.state.status === 'retired') return [];
  const had = before === null || before.state.status === 'retired' ? [] : [before.owner, before.deputy];
  return [after.owner, after.deputy].filter((handle) => handle !== null).filter((handle) => !had.includes(handle));
}

function announce(tx: Tx, changes: readonly ProcessChange[]): Process[] {
  for (const change of changes) if (!change.quiet) publish(tx, change);
  return changes.map((change) => change.after);
}

function withVersion(change: ProcessChange): ProcessChange {
  const seen = change.before?.version ?? 0;
  return { ...change, after: { ...change.after, version: change.quiet ? seen : seen + 1 } };
}

function publish(tx: Tx, { after, events, reason }: ProcessChange): void {
  // The certificate goes before the state: an owner waits for it. A wish for a review makes sense only behind the state.
  const tell = (event: ProcessEvent): void => publishEvent(tx, after, event, reason.by);
  events.filter((event) => event.type === 'certified').forEach(tell);
  tx.publish(ProcessRegistered, toRegistered(after));
  events.filter((event) => event.type !== 'certified').forEach(tell);
}

function publishEvent(tx: Tx, process: Process, event: ProcessEvent, by: string): void {
  const { id: processId, version, name, owner, nextDueAt, lastResponse } = process;
  const at = event.at.toISOString();
  if (event.type === 'retired') tx.publish(ProcessRetired, { processId, version, name, owner, retiredAt: at });
  if (event.type === 'review-wanted') {
    tx.publish(ReviewRequested, { processId, version, reason: event.reason, by, at });
  }
  if (event.type === 'certified' && nextDueAt !== null && lastResponse !== null) {
    const { recordHash, reviewId, recordOpened, by: certifier } = event.certification;
    tx.publish(ProcessCertified, {
      ...{ processId, version, name, reviewId, recordHash, recordOpened },
      responseId: lastResponse.id,
      by: certifier,
      certificationDate: at,
      nextDueAt: nextDueAt.toISOString(),
    });
  }
}
