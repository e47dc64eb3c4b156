import { Inject, Injectable } from '@nestjs/common';
import { parsePeriod } from '@recert/recertification';
import { UserError } from '@recert/service-kit';
import { environment, REGISTRY_CONFIG, type RegistryConfig } from '../config';
import { refusal, type ImportableLibrary } from './import-library';
import { parseLibrary } from './parse-library';
import { UPLOAD } from './plan-import';
import { READ_LIMITS, readLibrary, type LibraryContent } from './read-library';
import { baseUrlOf, parseSource } from './source-address';
import { LibraryReadError } from './source-error';
import { decodeMarkdown } from './source-text';

/** An entry of LIBRARY: as written there, with the address of its records where one is configured. */
interface Entry {
  readonly written: string;
  readonly baseUrl: string | null;
}

/** Reads libraries from where the configuration says they are, and from nowhere else. */
@Injectable()
export class LibraryReader {
  private readonly entries: readonly Entry[];

  constructor(@Inject(REGISTRY_CONFIG) config: RegistryConfig) {
    this.entries = config.LIBRARY.map((written, at) => ({ written, baseUrl: config.LIBRARY_BASE_URL[at] ?? null }));
  }

  /** How each configured library is called: as it is written, without user name and password. */
  labels(): string[] {
    return this.entries.map(labelOf);
  }

  /** @throws UserError 422 when it cannot be read or is not right, 403 when it is none of the configured ones */
  async read(source: string): Promise<ImportableLibrary> {
    const entry = this.entries.find((known) => known.written === source || labelOf(known) === source);
    if (entry === undefined) {
      const allowed = this.labels().map((label) => `"${label}"`);
      throw new UserError(403, `source: only a library of LIBRARY can be imported: ${allowed.join(', ')}`, [
        { field: 'source', message: 'not one of the configured libraries' },
      ]);
    }
    return asUserError(async () => {
      const address = parseSource(entry.written);
      const content = await readLibrary(address, { ...READ_LIMITS, environment });
      return parsed(address.label, content, entry.baseUrl ?? baseUrlOf(address));
    });
  }

  /** The library that somebody has sent as one Markdown text. */
  async fromText(text: string): Promise<ImportableLibrary> {
    return asUserError(async () => {
      const file = { path: `${UPLOAD}.md`, text: decodeMarkdown(UPLOAD, `${UPLOAD}.md`, Buffer.from(text)) };
      return parsed(UPLOAD, { layout: 'file', files: [file] }, null);
    });
  }
}

function labelOf({ written }: Entry): string {
  try {
    return parseSource(written).label;
  } catch (error) {
    return error instanceof LibraryReadError ? error.source : written;
  }
}

function parsed(source: string, { layout, files }: LibraryContent, baseUrl: string | null): ImportableLibrary {
  const library = parseLibrary(files, { layout, baseUrl, checkPeriod: whyNoPeriod });
  if (!library.ok) throw refusal(library.errors);
  return { source, ...library };
}

function whyNoPeriod(text: string): string | null {
  const period = parsePeriod(text);
  return period.ok ? null : period.reason;
}

async function asUserError<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof LibraryReadError)) throw error;
    throw new UserError(422, error.message, [{ field: 'source', message: error.reason }]);
  }
}
