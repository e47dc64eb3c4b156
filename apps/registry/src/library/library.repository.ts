import { Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { type EntityManager } from 'typeorm';
import { type Finding, type ParsedPerson } from './parsed-library';

/** What a library said when it was last imported, as far as its report needs it. */
export interface LibraryFacts {
  readonly source: string;
  /** How many processes are in it. */
  readonly processes: number;
  readonly people: readonly ParsedPerson[];
  readonly warnings: readonly Finding[];
}

/** A library with the time when it was imported last as another text than before. */
export interface ImportedLibrary extends Omit<LibraryFacts, 'people'> {
  readonly importedAt: Date;
}

/** The table `library`. */
@Injectable()
export class LibraryRepository {
  /** The facts of those libraries that were last imported with just this digest. */
  async withDigest(
    db: EntityManager,
    libraries: readonly { source: string; digest: string }[],
  ): Promise<LibraryFacts[]> {
    return db.query<LibraryFacts[]>(
      `select l.source, l.processes, l.people, l.warnings
       from json_to_recordset($1::json) as r(source text, digest text) join library l using (source, digest)`,
      [JSON.stringify(libraries.map(({ source, digest }) => ({ source, digest })))],
    );
  }

  /** What is known of these libraries, as far as they were ever imported. */
  async imported(db: EntityManager, sources: readonly string[]): Promise<ImportedLibrary[]> {
    return db.query<ImportedLibrary[]>(
      'select source, processes, warnings, imported_at as "importedAt" from library where source = any($1)',
      [sources],
    );
  }

  /** The next import compares every library with what is registered, also one that is as it was. */
  async forgetDigests(tx: Tx): Promise<void> {
    await tx.db.query(`update library set digest = ''`);
  }

  async note(tx: Tx, { source, processes, people, warnings }: LibraryFacts, digest: string, at: Date): Promise<void> {
    await tx.db.query(
      `insert into library (source, digest, processes, people, warnings, imported_at) values ($1, $2, $3, $4, $5, $6)
       on conflict (source) do update set digest = excluded.digest, processes = excluded.processes,
         people = excluded.people, warnings = excluded.warnings, imported_at = excluded.imported_at`,
      [source, digest, processes, JSON.stringify(people), JSON.stringify(warnings), at],
    );
  }
}
