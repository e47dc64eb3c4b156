import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import {
  handle,
  pageQuery,
  personBody,
  personPatch,
  type invitationView,
  type Page,
  type PersonBody,
  type PersonView,
} from '@recert/contracts';
import { Access, fromCursor, parsed, Sender, toCursor, type Principal } from '@recert/service-kit';
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

  /** By handle. */
  @Get()
  @Access('viewer')
  async list(@Query(parsed(pageQuery)) query: z.output<typeof pageQuery>): Promise<Page<PersonView>> {
    const [after] = fromCursor(query.cursor, 1) ?? [null];
    const found = await this.people.page(after === null ? null : String(after), query.limit + 1);
    const items = found.slice(0, query.limit).map(({ person, owns }) => toPersonView(person, owns));
    return { items, next: found.length > items.length ? toCursor([items.at(-1)!.handle]) : null };
  }

  @Post()
  @HttpCode(201)
  @Access('admin')
  async add(@Body(parsed(personBody)) body: PersonBody, @Sender() sender: Principal): Promise<PersonView> {
    return this.view(await this.editing.add(body, sender.name));
  }

  @Patch(':handle')
  @Access('admin')
  async edit(
    @Param('handle') who: string,
    @Body(parsed(personPatch)) patch: z.output<typeof personPatch>,
    @Query(parsed(heirQuery)) { heir }: z.output<typeof heirQuery>,
    @Sender() sender: Principal,
  ): Promise<PersonView> {
    return this.view(await this.editing.edit(who, patch, heir ?? null, sender.name));
  }

  /** The link is shown this once. */
  @Post(':handle/invite')
  @HttpCode(201)
  @Access('admin')
  async invite(@Param('handle') who: string): Promise<z.output<typeof invitationView>> {
    const { url, expiresAt } = await this.inviting.invite(who);
    return { url, expiresAt: expiresAt.toISOString() };
  }

  private async view(person: Person): Promise<PersonView> {
    return toPersonView(person, await this.people.owns(this.database.dataSource.manager, person.handle));
  }
}
