import { Inject, Injectable } from '@nestjs/common';
import { serviceNames } from '@recert/contracts';
import { type EntityManager } from 'typeorm';
import { type FallbackWay } from '../channels/fallback/fallback-delivery';
import { FALLBACK_WAYS } from '../channels/fallback/fallback-ways';
import { KpiWeekRepository } from '../kpis/kpi-week.repository';
import { ProcessRepository } from '../processes/process.repository';
import { type AliveFacts, type FallbackFact } from './alive-facts';
import { AliveRepository } from './alive.repository';

const WEEK_MS = 7 * 86_400_000;
/** Timers report every five minutes; ten more are nobody's news. */
const SILENT_AFTER_MS = 15 * 60_000;

interface Counts {
  certified_this_week: number;
  raised: number;
  critical: number;
  open_alerts: number;
  tasks_down: number;
  dead_letters: number;
}

/** Looks together what the week was like, as far as the notifier knows of it. */
@Injectable()
export class GatherFacts {
  constructor(
    private readonly processes: ProcessRepository,
    private readonly weeks: KpiWeekRepository,
    private readonly alive: AliveRepository,
    @Inject(FALLBACK_WAYS) private readonly ways: readonly FallbackWay[],
  ) {}

  async gather(db: EntityManager, now: Date): Promise<AliveFacts> {
    const counts = (await db.query<Counts[]>(COUNTS, [new Date(now.getTime() - WEEK_MS)]))[0]!;
    return {
      services: await this.services(db, now),
      processes: { ...(await this.standing(db)), certifiedThisWeek: counts.certified_this_week },
      alerts: { raised: counts.raised, critical: counts.critical, open: counts.open_alerts },
      kpis: await this.kpis(db),
      tasksDown: counts.tasks_down,
      deadLetters: counts.dead_letters,
      fallback: await this.fallback(db),
    };
  }

  private async services(db: EntityManager, now: Date): Promise<AliveFacts['services']> {
    const pulses = await this.alive.pulses(db);
    const all = serviceNames.map((name) => ({ name, lastAt: pulses.get(name) ?? null }));
    const isUp = ({ lastAt }: (typeof all)[number]): boolean =>
      lastAt !== null && now.getTime() - lastAt.getTime() < SILENT_AFTER_MS;
    return { up: all.filter(isUp).map(({ name }) => name), silent: all.filter((one) => !isUp(one)) };
  }

  private async standing(db: EntityManager): Promise<Omit<AliveFacts['processes'], 'certifiedThisWeek'>> {
    const { byStatus, unowned } = await this.processes.standing(db, null);
    return {
      certified: byStatus.get('certified') ?? 0,
      due: byStatus.get('due') ?? 0,
      overdue: byStatus.get('overdue') ?? 0,
      updating: byStatus.get('updating') ?? 0,
      uncertified: byStatus.get('uncertified') ?? 0,
      unowned,
    };
  }

  private async kpis(db: EntityManager): Promise<AliveFacts['kpis']> {
    const standings = await this.weeks.standings(db);
    const missing = standings.flatMap(({ missed }) => (missed === null ? [] : [missed.productName]));
    return { reported: standings.length - missing.length, missing };
  }

  private async fallback(db: EntityManager): Promise<FallbackFact[]> {
    const rows = await db.query<{ way: string; proved_at: Date | null; is_failing: boolean }[]>(FALLBACK, [
      this.ways.map(({ way }) => way),
    ]);
    return rows.map(({ way, proved_at: provedAt, is_failing: isFailing }) => ({ way, provedAt, isFailing }));
  }
}

const COUNTS = `
  select
    (select count(*)::int from process where documented and status <> 'retired' and certified_at >= $1)
      as certified_this_week,
    (select count(*)::int from alert where started_at >= $1) as raised,
    (select count(*)::int from alert where started_at >= $1 and severity = 'critical') as critical,
    (select count(*)::int from alert where status <> 'resolved') as open_alerts,
    (select count(*)::int from trouble where not is_over) as tasks_down,
    (select count(*)::int from letter where is_open) as dead_letters`;

const FALLBACK = `
  select way, (select max(sent_at) from fallback_delivery d where d.way = w.way) as proved_at,
    coalesce((select state = 'failed' or error is not null from fallback_delivery d
      where d.way = w.way and state <> 'withdrawn' order by id desc limit 1), false) as is_failing
  from unnest($1::text[]) with ordinality as w(way, nth) order by nth`;
