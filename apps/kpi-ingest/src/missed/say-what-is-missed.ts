import { Inject, Injectable, Logger } from '@nestjs/common';
import { ServiceDatabase, type Tx } from '@recert/bus';
import { KpiMissed } from '@recert/contracts';
import { type Period } from '@recert/recertification';
import { Clock, inBatches } from '@recert/service-kit';
import { type ProductRow, toProduct } from '../products/product.repository';
import { type Product } from '../products/product';
import { dueAt } from '../weeks/due-by';
import { type IsoWeek } from '../weeks/iso-week';
import { type Deadlines, decideSilence, type Said, weekInQuestion } from './decide-silence';
import { GRACE } from './grace';
import { type Evidence, type ProductWeek, SilenceRepository } from './silence.repository';

/** Rows of one transaction. */
export const BATCH = 500;
const POISONED_PAUSE_MS = 3_600_000;

/** A claimed product whose deadlines could be reckoned. */
interface Question extends ProductWeek {
  readonly product: Product;
  readonly deadlines: Deadlines;
}

interface Silence extends Question {
  readonly level: KpiMissed['level'];
  readonly evidence: Evidence;
}

/** Says of which products the KPIs of a week are missing, as their time comes. */
@Injectable()
export class SayWhatIsMissed {
  private readonly log = new Logger(SayWhatIsMissed.name);

  constructor(
    private readonly database: ServiceDatabase,
    private readonly silences: SilenceRepository,
    private readonly clock: Clock,
    @Inject(GRACE) private readonly grace: Period | null,
  ) {}

  /**
   * Until nothing more is due that no other replica has in hand. Its cost follows what is due, not what exists.
   * @param mayGoOn asked before each batch
   * @returns how many products were looked at
   */
  async run(mayGoOn: () => boolean = () => true): Promise<number> {
    return inBatches(BATCH, mayGoOn, () => this.database.transaction((tx) => this.batch(tx)));
  }

  private async batch(tx: Tx): Promise<number> {
    const now = this.clock.now();
    const rows = await this.silences.claimDue(tx, now, BATCH);
    const wakes = new Map<string, Date | null>();
    const questions = rows.flatMap((row) => this.question(row, now, wakes) ?? []);
    const evidence = new Map((await this.silences.evidence(tx, questions)).map((each) => [each.product_id, each]));
    const silent: Silence[] = [];
    for (const question of questions) {
      const known = evidence.get(question.productId)!;
      const { deadlines, week } = question;
      const { tell, wakeAt } = decideSilence(deadlines, week, known.is_reported, saidIn(known), now);
      wakes.set(question.productId, wakeAt);
      if (tell !== null) silent.push({ ...question, level: tell, evidence: known });
    }
    await this.silences.setWakes(tx, wakes, graceKey(this.grace));
    await this.tell(tx, silent, now);
    return rows.length;
  }

  /** A product that cannot be judged must not stop the others, nor come back at once. */
  private question(row: ProductRow, now: Date, wakes: Map<string, Date | null>): Question | null {
    try {
      const product = toProduct(row);
      const { productId, timezone, dueBy, expectedFrom } = product;
      wakes.set(productId, null);
      if (expectedFrom === null) return null;
      const deadlines = { timezone, dueBy, expectedFrom, grace: this.grace };
      return { productId, product, deadlines, week: weekInQuestion(deadlines, now) };
    } catch (error) {
      this.log.error({ productId: row.product_id, err: error }, 'A product cannot be judged, trying again in an hour');
      wakes.set(row.product_id, new Date(now.getTime() + POISONED_PAUSE_MS));
      return null;
    }
  }

  private async tell(tx: Tx, silent: readonly Silence[], now: Date): Promise<void> {
    const of = (level: KpiMissed['level']): Silence[] => silent.filter((each) => each.level === level);
    const owners = await this.silences.tellOwners(tx, of('owner'), now);
    const admins = await this.silences.tellAdmins(tx, of('admins'), now);
    for (const each of silent) {
      const isNew = (each.level === 'owner' ? owners : admins).has(each.productId);
      if (isNew) tx.publish(KpiMissed, missed(each));
    }
  }
}

/** What a waking time was reckoned by, to be compared with what it would be reckoned by now. */
export function graceKey(grace: Period | null): string {
  return JSON.stringify(grace);
}

function saidIn({ said_week: week, owner_told_at: ownerAt, admins_told_at: adminsAt }: Evidence): Said | null {
  return week === null || ownerAt === null ? null : { week, ownerAt, adminsAt };
}

function missed({ product, deadlines, week, level, evidence }: Silence): KpiMissed {
  return {
    productId: product.productId,
    productName: product.name,
    week: week satisfies IsoWeek,
    owner: product.owner,
    level,
    expectedBy: dueAt(week, deadlines.dueBy, deadlines.timezone).toISOString(),
    lastHeardAt: evidence.heard_at?.toISOString() ?? null,
    lastWeek: evidence.heard_week,
  };
}
