import { Body, Controller, Get, HttpCode, Injectable, Module, Param, Patch, Post, Query } from '@nestjs/common';
import { pageOf, pageQuery, personView } from '@recert/contracts';
import { testDatabase, type TestDatabase } from '@recert/testing';
import { z } from 'zod';
import { Access } from '../access/principal';
import { startProcess, type RunningProcess } from '../run-service';
import { Describe, DescribeHook } from './describe';

const noteBody = z.strictObject({ text: z.string() });
const noteView = z.object({ id: z.string(), text: z.string() });

@Controller('notes')
@Access('viewer')
class NotesController {
  @Get()
  @Describe({ says: 'All notes.', query: pageQuery, answer: pageOf(personView) })
  list(@Query() _query: object): void {}

  @Post()
  @Access('owner')
  @Describe({ says: 'Adds a note.', body: noteBody, bodyText: 'text/markdown', answer: noteView })
  add(@Body() _body: object): void {}

  @Post(':id/print')
  @HttpCode(200)
  @Access('scope:notes:print')
  @Describe({ says: 'Prints a note.', params: z.object({ id: z.uuid() }), answer: noteView, type: 'text/csv' })
  print(@Param('id') _id: string): void {}

  @Patch(':id')
  @HttpCode(204)
  @Access('admin')
  @Describe({ says: 'Changes a note.', body: noteBody.partial(), answer: null })
  edit(@Param('id') _id: string): void {}

  @Post('bell')
  @Access('public')
  @Describe({ says: 'Rings.', answer: null, proof: { header: 'X-Bell', says: 'The word.' } })
  ring(): void {}
}

@Controller('forgotten')
class ForgottenController {
  @Get()
  show(): void {}
}

@DescribeHook({
  path: '/hooks/notes/{book}',
  says: 'A note from outside.',
  params: z.object({ book: z.enum(['a', 'b']) }),
  body: noteBody,
  headers: { 'X-Pen': 'Of what it was written with.' },
  proof: { token: 'notes:{book}' },
})
@Injectable()
class NotesHook {}

@Module({ controllers: [NotesController, ForgottenController], providers: [NotesHook] })
class NotesModule {}

type Json = Record<string, unknown>;
interface Document extends Json {
  readonly paths: Record<string, Record<string, Json>>;
}

describe('the description of a process', () => {
  let database: TestDatabase;
  let running: RunningProcess;
  let document: Document;

  beforeAll(async () => {
    database = await testDatabase();
    const urls = { DATABASE_URL: database.url, BUS_URL: database.url };
    const environment = { ...urls, PORT: '0', LOG_LEVEL: 'silent', RECERT_ADMIN_TOKEN: 'an-admin-token-of-tests' };
    running = await startProcess({ name: 'notes', modules: () => [NotesModule] }, environment);
    document = (await (await fetch(`${running.url}/api/openapi.json`)).json()) as Document;
  });

  afterAll(async () => {
    await running.stop();
    await database.drop();
  });

  const operation = (method: string, path: string): Json => document.paths[path]![method]!;
  const statuses = (method: string, path: string): string[] =>
    Object.keys(operation(method, path)['responses'] as object);
  const credentials = [{ token: [] }, { session: [] }];

  it('has the rule of a route, its own or that of its controller', () => {
    expect(document['openapi']).toBe('3.1.0');
    expect(operation('get', '/notes')).toMatchObject({ 'x-access': 'viewer', security: credentials });
    expect(operation('post', '/notes')).toMatchObject({ 'x-access': 'owner', security: credentials });
    expect(operation('post', '/notes/{id}/print')).toMatchObject({ 'x-access': 'scope:notes:print' });
    expect(operation('get', '/health/live')).toMatchObject({ 'x-access': 'public' });
    expect(operation('get', '/health/live')).not.toHaveProperty('security');
  });

  it('has no rule and no sentence for a route that states none', () => {
    expect(operation('get', '/forgotten')).not.toHaveProperty('x-access');
    expect(operation('get', '/forgotten')).not.toHaveProperty('summary');
  });

  it('has what a route takes, in the query, the path and the body', () => {
    expect(operation('get', '/notes')).toMatchObject({
      operationId: 'Notes_list',
      summary: 'All notes.',
      parameters: [
        { name: 'limit', in: 'query', required: false },
        { name: 'cursor', in: 'query', required: false },
      ],
    });
    expect(operation('post', '/notes/{id}/print')).toMatchObject({
      parameters: [{ name: 'id', in: 'path', required: true, schema: { format: 'uuid' } }],
    });
    expect(operation('post', '/notes')).toMatchObject({
      requestBody: {
        required: true,
        content: { 'application/json': { schema: { required: ['text'] } }, 'text/markdown': {} },
      },
    });
    expect(operation('patch', '/notes/{id}')).toMatchObject({ requestBody: { required: false } });
  });

  it('has the status that a route answers with, and how it refuses', () => {
    expect(statuses('get', '/notes')).toEqual(['200', '400', '401', '403', 'default']);
    expect(statuses('post', '/notes')).toEqual(['201', '400', '401', '403', 'default']);
    expect(statuses('post', '/notes/{id}/print')).toEqual(['200', '401', '403', '404', 'default']);
    expect(statuses('patch', '/notes/{id}')).toEqual(['204', '400', '401', '403', '404', 'default']);
    expect(statuses('get', '/health/live')).toEqual(['200', 'default']);
  });

  it('has the kinds of an answer', () => {
    const { content } = (operation('post', '/notes/{id}/print')['responses'] as Record<string, Json>)['200']!;
    expect(Object.keys(content as object)).toEqual(['application/json', 'text/csv']);
    const { responses } = operation('patch', '/notes/{id}') as { responses: Record<string, Json> };
    expect(responses['204']).not.toHaveProperty('content');
  });

  it('has the proof that a public route or a webhook wants', () => {
    expect(operation('post', '/notes/bell')).toMatchObject({
      'x-access': 'header:X-Bell',
      parameters: [{ name: 'X-Bell', in: 'header', required: true }],
    });
    expect(operation('post', '/hooks/notes/{book}')).toMatchObject({
      'x-access': 'token:notes:{book}',
      summary: 'A note from outside.',
      security: [{ token: [] }],
      parameters: [
        { name: 'book', in: 'path', schema: { enum: ['a', 'b'] } },
        { name: 'X-Pen', in: 'header', required: false },
      ],
      requestBody: { required: true },
    });
  });

  it('refers to nothing that is not there', () => {
    const references = JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g);
    const missing = [...references].filter(
      ([, path]) =>
        path!.split('/').reduce<unknown>((at, key) => (at as Json | undefined)?.[key], document) === undefined,
    );
    expect(missing).toEqual([]);
  });

  it('has a page to read it, with nothing from elsewhere', async () => {
    const page = await fetch(`${running.url}/api/docs`);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
    const files = [...(await page.text()).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address!);
    expect(files.filter((address) => !address.startsWith('/api/docs/'))).toEqual(['data:,']);
    for (const address of files.slice(1)) {
      const file = await fetch(running.url + address);
      expect([address, file.status]).toEqual([address, 200]);
      expect((await file.text()).length).toBeGreaterThan(50);
    }
  });

  it.each(['package.json', '..%2Fpackage.json', 'constructor', 'swagger-ui.js'])('has no file %s', async (file) => {
    expect((await fetch(`${running.url}/api/docs/${file}`)).status).toBe(404);
  });
});
