import { createHash, randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { parsePeriod } from '@recert/recertification';
import { UserError, type FieldError } from '@recert/service-kit';
import { environment, REGISTRY_CONFIG, type RegistryConfig } from '../config';
import { type ReadLibrary } from './expand-templates';
import { parseLibrary } from './parse-library';
import { type Finding, type ParsedPerson } from './parsed-library';
import { UPLOAD } from './plan-import';
import { READ_LIMITS, readLibrary, type LibraryContent } from './read-library';
import { baseUrlOf, type LibrarySource, parseSource } from './source-address';
import { LibraryReadError } from './source-error';
import { decodeMarkdown } from './source-text';

/** A library whose text is here. */
export interface LibraryText {
  /** The entry of LIBRARY without secrets, or `upload`. */
  readonly source: string;
  /** Equal for equal texts read in one run of this service. */
  readonly digest: string;
  /** @throws UserError 422 with every finding */
  parse(): ImportableLibrary;
}

/** A library that has no errors. */
export interface ImportableLibrary extends ReadLibrary {
  readonly people: readonly ParsedPerson[];
  readonly warnings: readonly Finding[];
}

/** An entry of LIBRARY: as written there, with the address of its records where one is configured. */
interface Entry {
  readonly written: string;
  readonly baseUrl: string | null;
}

/** Reads libraries from where the configuration says they are, and from nowhere else. */
@Injectable()
export class LibraryReader {
  private readonly entries: readonly Entry[];
  /** Part of every digest: a new version of this service may understand the same text in another way. */
  private readonly run = randomUUID();

  constructor(@Inject(REGISTRY_CONFIG) config: RegistryConfig) {
    this.entries = config.LIBRARY.map((written, at) => ({ written, baseUrl: config.LIBRARY_BASE_URL[at] ?? null }));
  }

  /** How each configured library is called: as it is written, without user name and password. */
  labels(): string[] {
    return this.entries.map(labelOf);
  }

  /** Where they are, as far as that is understood. */
  addresses(): LibrarySource[] {
    return this.entries.flatMap(({ written }) => {
      try {
        return [parseSource(written)];
      } catch {
        return [];
      }
    });
  }

  /** @throws UserError 422 when it cannot be read, 403 when it is none of the configured ones */
  async read(source: string): Promise<LibraryText> {
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
      return this.text(address.label, content, entry.baseUrl ?? baseUrlOf(address));
    });
  }

  /** The library that somebody has sent as one Markdown text. @throws UserError 422 when it cannot be one */
  async fromText(text: string): Promise<LibraryText> {
    return asUserError(async () => {
      const file = { path: `${UPLOAD}.md`, text: decodeMarkdown(UPLOAD, `${UPLOAD}.md`, Buffer.from(text)) };
      return this.text(UPLOAD, { layout: 'file', files: [file] }, null);
    });
  }

  private text(source: string, { layout, files }: LibraryContent, baseUrl: string | null): LibraryText {
    const digest = createHash('sha256')
      .update(JSON.stringify([this.run, layout, baseUrl, files]))
      .digest('hex');
    let parsed: ImportableLibrary | undefined;
    const parse = (): ImportableLibrary => {
      const library = parseLibrary(files, { layout, baseUrl, checkPeriod: whyNoPeriod });
      if (!library.ok) throw refusal(library.errors);
      return { source, ...library };
    };
    return { source, digest, parse: () => (parsed ??= parse()) };
  }
}

function labelOf({ written }: Entry): string {
  try {
    return parseSource(written).label;
  } catch (error) {
    return error instanceof LibraryReadError ? error.source : written;
  }
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

/** The refusal of a library: the first finding in words, all of them as errors with file and line. */
export function refusal(findings: readonly Finding[]): UserError {
  const [first] = findings;
  const more = findings.length > 1 ? ` (and ${findings.length - 1} more)` : '';
  const detail = first === undefined ? 'unknown' : `${first.file}:${first.line}: ${first.message}${more}`;
  const errors: FieldError[] = findings.map((finding) => ({ field: 'library', ...finding }));
  return new UserError(422, `The library was not imported and nothing was changed. ${detail}`, errors);
}
