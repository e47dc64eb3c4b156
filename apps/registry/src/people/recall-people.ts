import { recalling, type Recalling, type ServiceDatabase } from '@recert/bus';
import { PersonChanged } from '@recert/contracts';
import { HistoryRepository } from '../history/history.repository';
import { recalledAt } from '../history/recalled-at';
import { historyOfPerson, newPerson } from './person';
import { PersonRepository } from './person.repository';

/** People who were named, changed or invited between the backup and its restore. */
export function recallPeople(database: ServiceDatabase): Recalling[] {
  const people = new PersonRepository(database);
  const history = new HistoryRepository(database);
  return [
    recalling(PersonChanged, async ({ handle, version, name, roles, active, invitation }, { tx, attributes }) => {
      const before = await people.find(tx.db, handle, 'for update');
      if (before !== null && before.version >= version) return;
      const open = invitation && { codeHash: invitation.codeHash, expiresAt: new Date(invitation.expiresAt) };
      const known = before ?? newPerson(handle, name, roles);
      const after = { ...known, version, name, roles, active, invitation: open };
      await people.put(tx, after);
      await history.append(tx, historyOfPerson(before, after, recalledAt(new Date(attributes.time))));
    }),
  ];
}
