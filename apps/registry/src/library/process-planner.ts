import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager } from 'typeorm';
import { type ProcessChange, type Reason, type Rules } from '../processes/process-change';
import { PROCESS_RULES } from '../processes/process-rules';
import { EVERY_PRODUCT, type Process } from '../processes/process';
import { ProcessRepository } from '../processes/process.repository';
import { type Product } from '../products/product';
import { ProductRepository } from '../products/product.repository';
import { type ReadLibrary, type ReadProcess } from './expand-templates';
import { productProcessId } from './parse-slug';
import { planImport, type ImportPlan } from './plan-import';
import { refusal } from './read-libraries';

type Plan = Extract<ImportPlan, { ok: true }>;

/** Says what libraries and products mean for the processes that are registered. Writes nothing. */
@Injectable()
export class ProcessPlanner {
  constructor(
    private readonly processes: ProcessRepository,
    private readonly products: ProductRepository,
    @Inject(PROCESS_RULES) private readonly rules: Rules,
  ) {}

  /** @throws UserError 422 with every reason why these libraries cannot be imported */
  async ofLibraries(
    db: EntityManager,
    libraries: readonly ReadLibrary[],
    configured: ReadonlySet<string>,
    reason: Reason,
  ): Promise<Plan> {
    const existing = await this.processes.all(db);
    const products = await this.products.all(db);
    return planned(planImport({ existing, libraries, products, configured, reason, rules: this.rules }));
  }

  /** What the products as they are now mean for the records that every product has, as they were last imported. */
  async ofProducts(db: EntityManager, reason: Reason): Promise<readonly ProcessChange[]> {
    const products = await this.products.all(db);
    const templates = await this.processes.templates(db);
    const existing = await this.processes.aboutProducts(db, wantedIds(products, templates));
    const libraries = asRead(templates);
    const configured = new Set(existing.map((process) => process.origin.source));
    const scene = { existing, libraries, products, configured, reason, rules: this.rules };
    return planned(planImport({ ...scene, onlyProducts: true })).changes;
  }

  /** What one library means that has neither products nor records of theirs, such as the tasks of the hub. */
  async ofLibrary(db: EntityManager, library: ReadLibrary, reason: Reason): Promise<readonly ProcessChange[]> {
    const ids = library.processes.map(({ id }) => id);
    const existing = await this.processes.ofSource(db, library.source, ids);
    const configured = new Set(existing.map((process) => process.origin.source));
    const scene = { existing, libraries: [library], products: [], configured, reason, rules: this.rules };
    return planned(planImport(scene)).changes;
  }

  /** The products, by id. */
  async allProducts(db: EntityManager): Promise<readonly Product[]> {
    return this.products.all(db);
  }
}

interface Template {
  readonly process: Process;
  readonly record: string | null;
}

function planned(plan: ImportPlan): Plan {
  if (!plan.ok) throw refusal(plan.errors);
  return plan;
}

/** Other processes that have one of these ids must be seen, so that nothing takes it from them. */
function wantedIds(products: readonly Product[], templates: readonly Template[]): string[] {
  return products.flatMap(({ id }) => templates.map(({ process }) => productProcessId(id, process.id, () => false)));
}

/** The records as their libraries said them when they were last read. */
function asRead(templates: readonly Template[]): ReadLibrary[] {
  const sources = [...new Set(templates.map(({ process }) => process.origin.source))];
  return sources.map((source) => ({
    source,
    processes: templates.filter(({ process }) => process.origin.source === source).map(toRead),
  }));
}

function toRead({ process, record }: Template): ReadProcess {
  const { id, name, section, url, documented, state, origin } = process;
  const { owner, deputy, triggerPeriod, position, source } = origin;
  return {
    ...{ id, name, section, owner, deputy, triggerPeriod, url, documented, record, position },
    product: EVERY_PRODUCT,
    recordHash: state.recordHash,
    file: source,
    line: 1,
  };
}
