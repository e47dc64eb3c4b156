import { Injectable, Logger } from '@nestjs/common';
import { type KpiReceived } from '@recert/contracts';
import { drawChart } from './chart/draw-chart';
import { planChart } from './chart/plan-chart';

/** Should drawing end the whole process, the text goes out without a chart when its event comes for the third time. */
const DRAWN_DELIVERIES = 2;

/** Draws a week's KPIs. Nobody goes without the text because of a picture. */
@Injectable()
export class KpiChart {
  private readonly log = new Logger('kpis');
  private hasFailed = false;

  /** As `draw`; null also when the event is delivered for the third time. */
  async drawAt(deliveries: number, report: KpiReceived): Promise<Buffer | null> {
    return deliveries > DRAWN_DELIVERIES ? null : this.draw(report);
  }

  /** @returns a PNG; null when there is nothing to draw, or when it cannot be drawn */
  async draw(report: KpiReceived): Promise<Buffer | null> {
    try {
      const plan = planChart(report);
      if (plan === null) return null;
      // Loaded at the first chart: a service that draws none does not carry them.
      const [canvas, chart] = await Promise.all([import('@napi-rs/canvas'), import('chart.js')]);
      return await drawChart(plan, { canvas, chart });
    } catch (error) {
      if (!this.hasFailed) this.log.error(`Charts cannot be drawn here, KPIs go out as text: ${String(error)}`);
      this.hasFailed = true;
      return null;
    }
  }
}
