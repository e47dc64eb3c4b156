import { Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { type Received } from '@recert/intake';
import { addWeeks, type IsoWeek } from '../weeks/iso-week';
import { type PastValue, SERIES_WEEKS } from './compare-figures';
import { type Figure, type Meaning, type Merged } from './merge-report';
import { type Report } from './read-report';

/** How a report came. */
type Sent = Pick<Received, 'id' | 'sender' | 'receivedAt'>;

/** A week of a product before a report of it. */
export interface WeekSoFar {
  /** How many reports of it had changed something. */
  readonly version: number;
  readonly present: readonly Figure[];
  /** Values of the weeks before that belong to the series. */
  readonly past: readonly PastValue[];
  /** Whether its report was said to be missing. */
  readonly wasMissed: boolean;
}

interface FigureRow {
  week: string;
  name: string;
  value: number;
  unit: string | null;
  target: number | null;
  better: 'up' | 'down';
  received_at: Date;
}

/** The tables `report`, `figure` and `former_value`. */
@Injectable()
export class ReportRepository {
  async weekSoFar(tx: Tx, productId: string, week: IsoWeek): Promise<WeekSoFar> {
    const [state] = await tx.db.query<{ version: number; was_missed: boolean }[]>(
      `select coalesce((select max(version) from report where product_id = $1 and week = $2), 0) as version,
         exists (select from silence where product_id = $1 and week = $2) as was_missed`,
      [productId, week],
    );
    const rows = await tx.db.query<FigureRow[]>(
      'select * from figure where product_id = $1 and week between $2 and $3',
      [productId, addWeeks(week, 1 - SERIES_WEEKS), week],
    );
    return {
      version: state!.version,
      present: rows.filter((row) => row.week === week).map(toFigure),
      past: rows.filter((row) => row.week < week),
      wasMissed: state!.was_missed,
    };
  }

  /** What was said of each name for the nearest week before, however long ago. */
  async meanings(
    tx: Tx,
    productId: string,
    before: IsoWeek,
    names: readonly string[],
  ): Promise<ReadonlyMap<string, Meaning>> {
    const rows = await tx.db.query<(Meaning & { name: string })[]>(
      `select given.name, nearest.* from unnest($3::text[]) as given(name)
       cross join lateral (
         select unit, target, better from figure
         where product_id = $1 and name = given.name and week < $2 order by week desc limit 1
       ) as nearest`,
      [productId, before, names],
    );
    return new Map(rows.map((row) => [row.name, row]));
  }

  /** @param version of the week with this report @returns false when this very report was added before */
  async addReport(tx: Tx, productId: string, received: Sent, report: Report, version: number): Promise<boolean> {
    const added = await tx.db.query<unknown[]>(
      `insert into report (id, product_id, week, version, sender, figures, received_at)
       values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning 1`,
      [
        received.id,
        productId,
        report.week,
        version,
        received.sender,
        JSON.stringify(report.figures),
        received.receivedAt,
      ],
    );
    return added.length > 0;
  }

  async saveFigures(tx: Tx, productId: string, week: IsoWeek, { changed, former }: Merged): Promise<void> {
    if (former.length > 0) {
      await tx.db.query(
        `insert into former_value (product_id, week, name, value, received_at)
         select $1, $2, given.* from unnest($3::text[], $4::float8[], $5::timestamptz[]) as given`,
        [productId, week, former.map((f) => f.name), former.map((f) => f.value), former.map((f) => f.receivedAt)],
      );
    }
    await tx.db.query(
      `insert into figure (product_id, week, name, value, unit, target, better, received_at)
       select $1, $2, given.*
       from unnest($3::text[], $4::float8[], $5::text[], $6::float8[], $7::text[], $8::timestamptz[]) as given
       on conflict (product_id, week, name) do update set value = excluded.value, unit = excluded.unit,
         target = excluded.target, better = excluded.better, received_at = excluded.received_at`,
      [
        ...[productId, week],
        changed.map((figure) => figure.name),
        changed.map((figure) => figure.value),
        changed.map((figure) => figure.unit),
        changed.map((figure) => figure.target),
        changed.map((figure) => figure.better),
        changed.map((figure) => figure.receivedAt),
      ],
    );
  }
}

function toFigure({ name, value, unit, target, better, received_at: receivedAt }: FigureRow): Figure {
  return { name, value, unit, target, better, receivedAt };
}
