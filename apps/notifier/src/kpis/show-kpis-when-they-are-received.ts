import { Controller } from '@nestjs/common';
import { done, OnEvent, type Delivery, type Outcome } from '@recert/bus';
import { KpiReceived } from '@recert/contracts';
import { Clock } from '@recert/service-kit';
import { KpiChart } from './kpi-chart';
import { howToTell, type KpiWeek, type ShownKpis, type Telling } from './kpi-week';
import { KpiWeekRepository } from './kpi-week.repository';
import { TellKpis } from './tell-kpis';
import { TellMissedKpis } from './tell-missed-kpis';

/** A product's chats see its week, and what was corrected in it; and a test, of which nothing is kept. */
@Controller()
export class ShowKpisWhenTheyAreReceived {
  constructor(
    private readonly weeks: KpiWeekRepository,
    private readonly chart: KpiChart,
    private readonly kpis: TellKpis,
    private readonly missing: TellMissedKpis,
    private readonly clock: Clock,
  ) {}

  // One at a time: a chart takes memory and some ten milliseconds, and nobody but its week waits for it.
  @OnEvent(KpiReceived, { durable: 'notifier.show-kpis-when-they-are-received', concurrency: 1 })
  async handle(report: KpiReceived, delivery: Delivery): Promise<Outcome> {
    const { tx } = delivery;
    if (report.test) {
      await this.kpis.sayTest(tx, report, await this.draw(report, delivery));
      return done;
    }
    const week = await this.weeks.lock(tx.db, report);
    const telling = howToTell(week, report, this.clock.now());
    if (telling === 'nothing') return done;
    await this.weeks.saveReport(tx.db, report, await this.tell(report, delivery, week, telling));
    if (week.version === 0 && week.missed !== null) await this.missing.close(tx, report, week.missed);
    return done;
  }

  private async tell(
    report: KpiReceived,
    delivery: Delivery,
    { shown }: KpiWeek,
    telling: Exclude<Telling, 'nothing'>,
  ): Promise<ShownKpis | null> {
    const isEdit = telling === 'edit' && shown !== null;
    // A message that began without a picture stays without one: Telegram edits words and pictures, not one into the other.
    const chart = isEdit && !shown.hasChart ? null : await this.draw(report, delivery);
    if (isEdit) return this.kpis.edit(delivery.tx, report, chart, shown);
    return this.kpis.say(delivery.tx, report, chart, shown);
  }

  /** Where nobody would see it, nothing is drawn: a product that reports again and again would keep us busy with it. */
  private async draw(report: KpiReceived, { tx, deliveries }: Delivery): Promise<Buffer | null> {
    return (await this.kpis.hasListeners(tx, report)) ? this.chart.drawAt(deliveries, report) : null;
  }
}
