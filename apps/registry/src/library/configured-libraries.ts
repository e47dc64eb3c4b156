import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type ImportReport } from '@recert/contracts';
import { addPeriods } from '@recert/recertification';
import { Clock, KIT_CONFIG, UserError, type KitConfig } from '@recert/service-kit';
import { REGISTRY_CONFIG, type RegistryConfig } from '../config';
import { TASKS } from '../tasks/task';
import { ImportLibrary, type ImportOrder } from './import-library';
import { UPLOAD } from './plan-import';
import { LibraryReader, type LibraryText } from './read-libraries';
import { untold } from './tell-progress';

/** What became of all configured libraries: those that could be read, and a sentence for each that could not. */
export interface ConfiguredImport {
  /** Null when none could be imported. */
  readonly report: ImportReport | null;
  readonly failures: readonly string[];
}

/** Who wants an import, whether they only try it, and who hears how far it is. */
export type Wish = Pick<ImportOrder, 'by' | 'dryRun' | 'tell'>;

/** Imports the configured libraries: at the start, then again and again, and when somebody asks. */
@Injectable()
export class ConfiguredLibraries implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger('library');
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<ConfiguredImport> | null = null;
  private first: Promise<ConfiguredImport> | null = null;
  private stopped = false;
  private isFirst = true;

  constructor(
    private readonly reader: LibraryReader,
    private readonly importing: ImportLibrary,
    private readonly clock: Clock,
    @Inject(REGISTRY_CONFIG) private readonly config: RegistryConfig,
    @Inject(KIT_CONFIG) private readonly kit: KitConfig,
  ) {}

  onApplicationBootstrap(): void {
    void this.importAndScheduleNext();
  }

  /** What became of the libraries at the start of the service. */
  firstImport(): Promise<ConfiguredImport> {
    return (this.first ??= this.importConfiguredLibraries());
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  /** Imports what can be read and logs the rest. Never rejects; whoever asks while it runs gets the same run. */
  importConfiguredLibraries(): Promise<ConfiguredImport> {
    this.running ??= this.importReadable().finally(() => (this.running = null));
    return this.running;
  }

  /**
   * Imports one of the configured libraries, or every one.
   * @throws UserError when one cannot be read or is not right: then nothing is changed
   */
  async import(source: string | undefined, wish: Wish): Promise<ImportReport> {
    const sources = source === undefined ? this.reader.labels() : [source];
    const libraries: LibraryText[] = [];
    for (const [at, each] of sources.entries()) {
      wish.tell('reading', at, sources.length);
      libraries.push(await this.reader.read(each));
    }
    return this.importing.import(this.order(libraries, wish));
  }

  /** Imports a text as the library of its own that is called `upload`. */
  async importText(text: string, wish: Wish): Promise<ImportReport> {
    return this.importing.import(this.order([await this.reader.fromText(text)], wish));
  }

  private order(libraries: readonly LibraryText[], wish: Wish): ImportOrder {
    const configured = new Set([...this.reader.labels(), UPLOAD, TASKS]);
    return { ...wish, libraries, configured, at: this.clock.now() };
  }

  private async importReadable(): Promise<ConfiguredImport> {
    const failures: string[] = [];
    const fail = (error: unknown): null => {
      failures.push(sentence(error));
      this.log.warn(sentence(error));
      return null;
    };
    const libraries: LibraryText[] = [];
    for (const source of this.reader.labels()) {
      const library = await this.reader.read(source).catch(fail);
      if (library !== null) libraries.push(library);
    }
    const report = await this.importRight(libraries, fail);
    if (report !== null && (this.isFirst || isNews(report))) this.log.log(summary(report));
    this.isFirst = false;
    return { report, failures };
  }

  /** One library that is not right does not keep the others from being imported. */
  private async importRight(libraries: LibraryText[], fail: (error: unknown) => null): Promise<ImportReport | null> {
    if (libraries.length === 0) return null;
    try {
      return await this.importing.import(this.order(libraries, { by: 'library', dryRun: false, tell: untold }));
    } catch (error) {
      const right = libraries.filter((library) => isRight(library, fail));
      return right.length === libraries.length ? fail(error) : this.importRight(right, fail);
    }
  }

  private async importAndScheduleNext(): Promise<void> {
    await (this.isFirst ? this.firstImport() : this.importConfiguredLibraries());
    this.scheduleNext();
  }

  private scheduleNext(): void {
    const period = this.config.LIBRARY_REFRESH;
    if (period === null || this.stopped) return;
    const now = this.clock.now();
    const wait = addPeriods(now, period, 1, this.kit.ORG_TIMEZONE).getTime() - now.getTime();
    // A timer cannot wait longer than 2^31 ms; reading the library a little early does no harm.
    this.timer = setTimeout(() => void this.importAndScheduleNext(), Math.min(wait, 2 ** 31 - 1)).unref();
  }
}

/** One line for the log, and for whoever starts the service. */
export function summary({ sources, created, changed, ownerLost, retired, restored, unchanged }: ImportReport): string {
  const counts = Object.entries({ created, changed, ownerLost, retired, restored })
    .filter(([, list]) => list.length > 0)
    .map(([what, list]) => `${list.length} ${what === 'ownerLost' ? 'without their owner' : what}`);
  return `imported ${sources.join(', ')}: ${[...counts, `${unchanged} unchanged`].join(', ')}`;
}

function isNews({ created, changed, retired, restored }: ImportReport): boolean {
  return created.length + changed.length + retired.length + restored.length > 0;
}

function isRight(library: LibraryText, fail: (error: unknown) => null): boolean {
  try {
    library.parse();
    return true;
  } catch (error) {
    fail(error);
    return false;
  }
}

/** Findings with their places, as far as a log line takes them. */
function sentence(error: unknown): string {
  if (!(error instanceof UserError)) return `the library was not imported: ${String(error)}`;
  const places = error.errors
    .filter((finding) => finding.file !== undefined)
    .map((finding) => `${finding.file}:${finding.line}: ${finding.message}`);
  return places.length > 1 ? [error.message, ...places.slice(1, 20)].join('\n  ') : error.message;
}
