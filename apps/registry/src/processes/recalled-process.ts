import { type ProcessRegistered } from '@recert/contracts';
import { registered, type ProcessState } from '@recert/recertification';
import { isOfTask, TASKS } from '../tasks/task';
import { type Origin, type Process } from './process';

/** Where a process is said to come from whose library was read after the backup; the next import takes it over. */
const NOWHERE = 'restored';

/**
 * A process as a restored registry is to know it. What somebody has written is taken from the state that was said; what
 * became of reviews is not, since the questions and the answers themselves come again. Its version is never said twice.
 * @returns null when nothing newer was said
 */
export function recalledProcess(before: Process | null, said: ProcessRegistered, at: Date): Process | null {
  if (before !== null && before.version >= said.version) return null;
  const { name, section, owner, deputy, documented, url, product, triggerPeriod, version } = said;
  const written = { version, name, section, owner, deputy, documented, url, product, triggerPeriod };
  const nextDueAt = said.nextDueAt === null ? null : new Date(said.nextDueAt);
  if (before === null) {
    const source = isOfTask(said.processId, section) ? TASKS : NOWHERE;
    const state = said.status === 'retired' ? retired(registered(said), at) : registered(said);
    const unread = { origin: originOf(source), review: null, lastResponse: null, registeredAt: at };
    return { ...written, ...unread, id: said.processId, state, documentedAt: documented ? at : null, nextDueAt };
  }
  const state = stateAfter(before.state, said, at);
  const isSame = said.status === before.state.status || state.status !== before.state.status;
  return { ...before, ...written, state, nextDueAt: isSame ? nextDueAt : before.nextDueAt };
}

function stateAfter(before: ProcessState, said: ProcessRegistered, at: Date): ProcessState {
  if (said.status === 'retired') return before.status === 'retired' ? before : retired(before, at);
  if (before.status === 'retired') return { ...registered(said), closedReviewId: before.closedReviewId };
  return { ...before, recordHash: said.recordHash };
}

function retired({ recordHash, certification, closedReviewId }: ProcessState, retiredAt: Date): ProcessState {
  return { status: 'retired', recordHash, certification, closedReviewId, retiredAt };
}

function originOf(source: string): Origin {
  return { source, position: 0, owner: null, deputy: null, triggerPeriod: null, text: null };
}
