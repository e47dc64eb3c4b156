import { Injectable } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { type PublicationView, type PublicView } from '@recert/contracts';
import { UserError } from '@recert/service-kit';
import { PersonRepository } from '../people/person.repository';
import { iso } from '../processes/process';
import { ProcessRepository } from '../processes/process.repository';
import { ReaderRepository } from './reader.repository';

const REPORTS_SHOWN = 50;

/** Puts together what a public page shows, and what an admin sees of it. */
@Injectable()
export class ReadPublicPage {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly processes: ProcessRepository,
    private readonly people: PersonRepository,
    private readonly readers: ReaderRepository,
  ) {}

  /** @throws UserError 404 for every process that has no public page, whether it exists or not */
  async read(id: string): Promise<PublicView> {
    const [found, publication] = await Promise.all([this.processes.find(id), this.readers.publication(id)]);
    if (found === null || found.record === null || publication === null || found.process.state.status === 'retired') {
      throw UserError.notFound('such page');
    }
    const { name, section, state, nextDueAt } = found.process;
    const { status, certification } = state;
    const isCertified = status === 'certified' && certification !== null;
    return {
      ...{ name, section, record: found.record, certified: isCertified },
      certifiedAt: iso(certification?.at),
      certifiedUntil: isCertified ? iso(nextDueAt) : null,
      certifiedBy: certification === null ? null : await this.nameOf(certification.by),
    };
  }

  /** @throws UserError 404 */
  async publication(id: string): Promise<PublicationView> {
    if ((await this.processes.find(id)) === null) throw UserError.notFound(`process "${id}"`);
    const [publication, reports] = await Promise.all([
      this.readers.publication(id),
      this.readers.reports(id, REPORTS_SHOWN),
    ]);
    return {
      ...{ on: publication !== null, since: iso(publication?.since), by: publication?.by ?? null },
      ...{ page: `/p/${id}`, badge: `/p/${id}.svg` },
      reports: reports.map(({ at, text }) => ({ at: at.toISOString(), text })),
    };
  }

  /** The handle is ours; outside a person has a name. */
  private async nameOf(handle: string): Promise<string> {
    const person = await this.people.find(this.database.dataSource.manager, handle);
    return person?.name ?? 'an admin';
  }
}
