import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import {
  handle,
  invitationView,
  pageOf,
  pageQuery,
  personBody,
  personPatch,
  personView,
  type Page,
  type PersonBody,
  type PersonView,
} from '@recert/contracts';
import { Access, Describe, fromCursor, parsed, Sender, toCursor, UserError, type Principal } from '@recert/service-kit';
import { z } from 'zod';
import { EditPerson } from './edit-person';
import { InvitePerson } from './invite-person';
import { toPersonView, type Person } from './person';
import { PersonRepository } from './person.repository';

const heirQuery = z.object({ heir: handle.optional() });

@Controller('api/people')
export class PeopleController {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly people: PersonRepository,
    private readonly editing: EditPerson,
    private readonly inviting: InvitePerson,
  ) {}

  @Get()
  @Access('viewer')
  @Describe({ says: 'All people by their handle, a page at a time.', query: pageQuery, answer: pageOf(personView) })
  async list(@Query(parsed(pageQuery)) query: z.output<typeof pageQuery>): Promise<Page<PersonView>> {
    const [after] = fromCursor(query.cursor, 1) ?? [null];
    const found = await this.people.page(after === null ? null : String(after), query.limit + 1);
    const items = found.slice(0, query.limit).map(({ person, belongings }) => toPersonView(person, belongings));
    return { items, next: found.length > items.length ? toCursor([items.at(-1)!.handle]) : null };
  }

  @Get(':handle')
  @Access('viewer')
  @Describe({ says: 'One person.', answer: personView })
  async show(@Param('handle') who: string): Promise<PersonView> {
    const person = await this.people.find(this.database.dataSource.manager, who);
    if (person === null) throw UserError.notFound(`person "${who}"`);
    return this.view(person);
  }

  @Post()
  @HttpCode(201)
  @Access('admin')
  @Describe({ says: 'Adds a person.', body: personBody, answer: personView })
  async add(@Body(parsed(personBody)) body: PersonBody, @Sender() sender: Principal): Promise<PersonView> {
    return this.view(await this.editing.add(body, sender.name));
  }

  @Patch(':handle')
  @Access('admin')
  @Describe({
    says: 'Changes name or roles, or switches a person off; who owns something then needs an heir.',
    query: heirQuery,
    body: personPatch,
    answer: personView,
  })
  async edit(
    @Param('handle') who: string,
    @Body(parsed(personPatch)) patch: z.output<typeof personPatch>,
    @Query(parsed(heirQuery)) { heir }: z.output<typeof heirQuery>,
    @Sender() sender: Principal,
  ): Promise<PersonView> {
    return this.view(await this.editing.edit(who, patch, heir ?? null, sender.name));
  }

  @Post(':handle/invite')
  @HttpCode(201)
  @Access('admin')
  @Describe({
    says: 'Makes a link that binds a Telegram account to the person. It is shown this once, works once, and soon expires.',
    answer: invitationView,
  })
  async invite(@Param('handle') who: string): Promise<z.output<typeof invitationView>> {
    const { url, expiresAt } = await this.inviting.invite(who);
    return { url, expiresAt: expiresAt.toISOString() };
  }

  private async view(person: Person): Promise<PersonView> {
    return toPersonView(person, await this.people.belongings(this.database.dataSource.manager, person.handle));
  }
}
