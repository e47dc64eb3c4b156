import { Injectable } from '@nestjs/common';
import { UserError } from '@recert/service-kit';
import { ConfiguredLibraries } from '../library/configured-libraries';
import { untold } from '../library/tell-progress';
import { LibraryReader } from '../library/read-libraries';
import { touchesLibrary, type Push } from './touches-library';

/** Imports the libraries that a push has touched. */
@Injectable()
export class ImportPushedLibraries {
  constructor(
    private readonly reader: LibraryReader,
    private readonly libraries: ConfiguredLibraries,
  ) {}

  /** @returns null when all of them are imported, else the sentence that says why one is not */
  async import(push: Push): Promise<string | null> {
    const touched = this.reader.addresses().filter((address) => touchesLibrary(push, address));
    const failures: string[] = [];
    for (const { label } of touched) {
      try {
        await this.libraries.import(label, { by: 'library', dryRun: false, tell: untold });
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        failures.push(error.message);
      }
    }
    return failures.length === 0 ? null : failures.join('\n');
  }
}
