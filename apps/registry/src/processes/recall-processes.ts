import { recalling, type Recalling, type ServiceDatabase } from '@recert/bus';
import { ProcessRegistered } from '@recert/contracts';
import { HistoryRepository } from '../history/history.repository';
import { recalledAt } from '../history/recalled-at';
import { LibraryRepository } from '../library/library.repository';
import { historyOf, type ProcessChange } from './process-change';
import { ProcessRepository } from './process.repository';
import { recalledProcess } from './recalled-process';

/** What was written of processes between the backup and its restore. The history says that it was recalled. */
export function recallProcesses(database: ServiceDatabase): Recalling[] {
  const processes = new ProcessRepository(database);
  const libraries = new LibraryRepository();
  const history = new HistoryRepository(database);
  return [
    recalling(ProcessRegistered, async (said, { tx, attributes }) => {
      const before = await processes.lock(tx, said.processId);
      const at = new Date(attributes.time);
      const after = recalledProcess(before, said, at);
      if (after === null) return;
      const change: ProcessChange = { before, after, events: [], reason: recalledAt(at) };
      await processes.save(tx, [change]);
      // One that the backup does not know has lost its record and its place: its library has them.
      if (before === null) await libraries.forgetDigests(tx);
      await history.append(tx, historyOf(change));
    }),
  ];
}
