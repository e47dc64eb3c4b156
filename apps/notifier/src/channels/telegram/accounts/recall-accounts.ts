import { recalling, type Recalling } from '@recert/bus';
import { PersonLinked } from '@recert/contracts';
import { PersonRepository } from '../../../people/person.repository';

/** Accounts that were linked or lost between the backup and its restore: nobody has to be invited again. */
export function recallAccounts(): Recalling[] {
  const people = new PersonRepository();
  return [
    recalling(PersonLinked, async (said, { tx }) => {
      if (said.what === 'bot-up') return;
      const { handle, what } = said;
      // Who it is comes again from the registry; until then nobody is asked.
      await people.learn(tx.db, { handle, version: 0, name: handle, roles: [], active: false, invitation: null });
      const person = (await people.lock(tx.db, [handle])).get(handle)!;
      if (what === 'lost') {
        if (person.telegram === null) return;
        await people.saveTelegram(tx.db, { ...person, telegram: { ...person.telegram, lost: said.reason } }, null);
        return;
      }
      // A private chat has the number of its account (https://core.telegram.org/bots/api#chat).
      const id = Number(said.account);
      const telegram = { userId: id, chatId: id, lost: null };
      await people.saveTelegram(tx.db, { ...person, telegram }, new Date(said.at));
    }),
  ];
}
