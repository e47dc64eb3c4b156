import { once } from 'node:events';
import { newEventId } from '@recert/bus';
import { eventually, testDatabase, type TestDatabase } from '@recert/testing';
import { Client } from 'pg';
import { newToken, NotesService } from './fixture';

const MANY = 30;

describe('two processes with the same hooks', () => {
  let store: TestDatabase;
  const services: NotesService[] = [];
  const { authorization } = newToken('lugha');

  beforeAll(async () => {
    store = await testDatabase();
    for (let n = 0; n < 2; n += 1) services.push(await NotesService.start(store.url));
  });
  afterAll(async () => {
    await Promise.all(services.map((service) => service.running.stop()));
    await store.drop();
  });

  const send = async (text: string): Promise<void> => {
    const answer = await services[0]!.post('/hooks/notes/lugha', JSON.stringify({ text }), { authorization });
    expect(answer.status).toBe(202);
  };
  const notesOf = async (word: string): Promise<string[]> =>
    (await services[0]!.notes()).filter((text) => text.startsWith(word));

  it('handle nothing of a sender before what another one holds of it', async () => {
    const holder = new Client({ connectionString: store.url });
    await holder.connect();
    await services[0]!.database.query('create table gate (id int)');
    // The first one is handled for as long as the gate is locked, and all the time its row is taken.
    await services[0]!.database.query(
      `create function wait_at_gate() returns trigger language plpgsql as $$ begin
         if new.text = 'held 0' then lock table notes.gate in share mode; end if; return new; end $$;
       create trigger gate before insert on note for each row execute function wait_at_gate()`,
    );
    await holder.query('begin; lock table notes.gate in access exclusive mode');
    await send('held 0');
    await eventually(async () => {
      const waiting =
        "select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like 'insert into note%'";
      expect(await services[0]!.database.query(waiting)).toHaveLength(1);
    });
    for (let n = 1; n < MANY; n += 1) await send(`held ${n}`);
    // Only who reads the table finds these, which is the other process: the first one has work in hand. It reads again
    // when it is done with all that it has read before.
    for (const text of ['found 1', 'found 2']) {
      await services[1]!.database.query(
        `insert into intake (id, hook, target, sender, headers, body) values ($1, 'notes', 'lugha', $2, '{}', $3)`,
        [newEventId(), text, Buffer.from(JSON.stringify({ text }))],
      );
      await eventually(async () => expect(await notesOf(text)).toEqual([text]), 10_000);
    }
    expect(await notesOf('held')).toEqual([]);
    const ended = once(holder, 'end');
    await holder.query('commit');
    await holder.end();
    await ended;
    const all = Array.from({ length: MANY }, (_, n) => `held ${n}`);
    await eventually(async () => expect(await notesOf('held')).toEqual(all), 10_000);
  });
});
