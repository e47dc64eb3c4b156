// The least that a webhook can do, as a process of its own: `node ingest-floor.mjs bare | each | group <database url>`.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ROOT } from './installation.mjs';

const [which, url] = process.argv.slice(2);
const { Pool } = createRequire(join(ROOT, 'libs/testing/package.json'))('pg');

const keeps = {
  /** Answers, and keeps nothing. */
  bare: async () => async () => undefined,
  /** One row and one commit for each request. */
  each: async () => {
    const pool = await prepared(10);
    return (body) => pool.query({ name: 'one', text: 'insert into floor (body) values ($1)', values: [body] });
  },
  /** One writer, which inserts whatever waits in one statement and one commit. */
  group: async () => {
    const pool = await prepared(1);
    let waiting = [];
    let writing = false;
    const write = async () => {
      writing = true;
      while (waiting.length > 0) {
        const group = waiting;
        waiting = [];
        const text = 'insert into floor (body) select * from unnest($1::bytea[])';
        await pool.query({ name: 'many', text, values: [group.map((one) => one.body)] });
        for (const one of group) one.resolve();
      }
      writing = false;
    };
    return (body) =>
      new Promise((resolve) => {
        waiting.push({ body, resolve });
        if (!writing) void write();
      });
  },
};

async function prepared(max) {
  const pool = new Pool({ connectionString: url, max });
  await pool.query('create table if not exists floor (id bigint generated always as identity primary key, body bytea)');
  return pool;
}

const keep = await keeps[which]();
const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', async () => {
    await keep(Buffer.concat(chunks));
    response.writeHead(202, { 'content-type': 'application/json', 'content-length': 11 });
    response.end('{"ok":true}');
  });
});
server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
