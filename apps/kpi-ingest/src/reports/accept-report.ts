import { Injectable } from '@nestjs/common';
import { done, drop, type Outcome, retry, type Tx } from '@recert/bus';
import { KpiReceived } from '@recert/contracts';
import { type Received } from '@recert/intake';
import { type Product } from '../products/product';
import { ProductRepository } from '../products/product.repository';
import { announcementOf } from './announce-report';
import { type Merged, mergeReport } from './merge-report';
import { MOST_FIGURES, readReport, type Report } from './read-report';
import { ReportRepository, type WeekSoFar } from './report.repository';

/** A report, and its week before and after it. */
export interface Acceptable {
  readonly report: Report;
  readonly soFar: WeekSoFar;
  readonly merged: Merged;
}

export type Weighed = ({ readonly ok: true } & Acceptable) | { readonly ok: false; readonly reason: string };

/** Takes a product's report of a week into the series, and says so when that changed anything. */
@Injectable()
export class AcceptReport {
  constructor(
    private readonly products: ProductRepository,
    private readonly reports: ReportRepository,
  ) {}

  async run(received: Received, tx: Tx): Promise<Outcome> {
    const productId = received.target ?? '';
    const product = await this.products.lock(tx, productId);
    // Its token came before it did: mostly it is a moment late, and given up it is after some nine minutes.
    if (product === null) return retry(1_000 * 2 ** (received.attempts - 1), `there is no product "${productId}" yet`);
    const weighed = await this.weigh(tx, product, received.body, received.receivedAt);
    return weighed.ok ? this.store(tx, product, received, weighed) : drop(weighed.reason);
  }

  /** Reads a body beside what its week has already. Nothing is stored. */
  async weigh(tx: Tx, product: Product, body: Buffer, receivedAt: Date): Promise<Weighed> {
    const read = readReport(body, receivedAt, product.timezone);
    if (!read.ok) return read;
    const { week, figures } = read.report;
    const soFar = await this.reports.weekSoFar(tx, product.productId, week);
    const names = figures.map((figure) => figure.name);
    const remembered = await this.reports.meanings(tx, product.productId, week, names);
    const merged = mergeReport(soFar.present, remembered, figures, receivedAt);
    const count = merged.figures.length;
    if (count <= MOST_FIGURES) return { ok: true, report: read.report, soFar, merged };
    return { ok: false, reason: `kpis: with these, ${week} would have ${count} figures, more than ${MOST_FIGURES}` };
  }

  private async store(tx: Tx, product: Product, received: Received, weighed: Acceptable): Promise<Outcome> {
    const { report, soFar, merged } = weighed;
    const isNews = merged.changed.length > 0;
    const version = isNews ? soFar.version + 1 : soFar.version;
    const isNew = await this.reports.addReport(tx, product.productId, received, report, version);
    if (!isNew || !isNews) return done;
    await this.reports.saveFigures(tx, product.productId, report.week, merged);
    const { receivedAt } = received;
    tx.publish(KpiReceived, announcementOf(product, weighed, { version, receivedAt, testBy: null }));
    return done;
  }
}
