import { Controller } from '@nestjs/common';
import { done, drop, OnEvent, type Delivery, type Outcome, type Tx } from '@recert/bus';
import { PersonChanged, PersonLinked } from '@recert/contracts';
import { HistoryRepository } from '../history/history.repository';
import { BotRepository } from './bot.repository';
import { historyOfPerson, type Person } from './person';
import { PersonRepository } from './person.repository';

type AboutPerson = Exclude<PersonLinked, { what: 'bot-up' }>;

/** The registry knows who can be reached on Telegram, and under which name the bot answers. */
@Controller()
export class NoteLinkWhenPersonIsLinked {
  constructor(
    private readonly people: PersonRepository,
    private readonly bots: BotRepository,
    private readonly history: HistoryRepository,
  ) {}

  @OnEvent(PersonLinked, { durable: 'registry.note-link-when-person-is-linked', emits: [PersonChanged] })
  async handle(data: PersonLinked, { tx }: Delivery): Promise<Outcome> {
    if (data.what !== 'bot-up') return this.note(tx, data);
    await this.bots.noteUp(tx, data.username, new Date(data.at));
    return done;
  }

  private async note(tx: Tx, data: AboutPerson): Promise<Outcome> {
    const before = await this.people.find(tx.db, data.handle, 'for update');
    if (before === null) return drop(`there is no person "${data.handle}"`);
    const at = new Date(data.at);
    const isOld = before.telegram.at !== null && at < before.telegram.at;
    if (isOld) return done;
    const after = await this.people.save(tx, noted(before, data, at));
    const reason = { at, by: data.handle, cause: `telegram ${data.what}`, source: 'telegram' };
    await this.history.append(tx, historyOfPerson(before, after, reason));
    return done;
  }
}

/** Whoever is linked has used the invitation. */
function noted(person: Person, data: AboutPerson, at: Date): Person {
  if (data.what === 'lost') return { ...person, telegram: { linked: false, at, lost: data.reason } };
  return { ...person, telegram: { linked: true, at, lost: null }, invitation: null };
}
