import { Injectable } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { type LibrarySourceView } from '@recert/contracts';
import { LibraryRepository } from './library.repository';
import { LibraryReader } from './read-libraries';

/** The configured libraries, and what came of their last imports. */
@Injectable()
export class ListSources {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly reader: LibraryReader,
    private readonly libraries: LibraryRepository,
  ) {}

  /** In the order of the configuration; one that was never imported has nothing but its name. */
  async all(): Promise<LibrarySourceView[]> {
    const labels = this.reader.labels();
    const imported = await this.libraries.imported(this.database.dataSource.manager, labels);
    return labels.map((source) => {
      const known = imported.find((library) => library.source === source);
      return {
        source,
        processes: known?.processes ?? null,
        warnings: [...(known?.warnings ?? [])],
        importedAt: known?.importedAt.toISOString() ?? null,
      };
    });
  }
}
