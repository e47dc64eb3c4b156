import { Injectable } from '@nestjs/common';
import { type DataSource } from 'typeorm';

/** What time it is. Handed down as a `Date`: only the edge of a service asks. */
export abstract class Clock {
  abstract now(): Date;
}

const SYNC_MS = 60_000;

/**
 * The database's time: replicas whose machines disagree still agree on what is due. Read once a minute and carried on
 * by the machine's own clock in between.
 */
@Injectable()
export class DatabaseClock extends Clock {
  private offsetMs = 0;
  private timer: NodeJS.Timeout | undefined;

  now(): Date {
    return new Date(Date.now() + this.offsetMs);
  }

  /** How far this machine's clock is behind the database's, in milliseconds. */
  get skewMs(): number {
    return this.offsetMs;
  }

  async follow(dataSource: DataSource): Promise<void> {
    await this.sync(dataSource);
    if (this.timer !== undefined) return;
    this.timer = setInterval(() => void this.sync(dataSource).catch(() => undefined), SYNC_MS).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async sync(dataSource: DataSource): Promise<void> {
    const asked = Date.now();
    const [row] = await dataSource.query<{ ms: number }[]>(
      'select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms',
    );
    const answered = Date.now();
    if (row === undefined) return;
    // Half the round trip is the best guess of when the database looked; below 50 ms the difference is noise.
    const skew = row.ms - (asked + answered) / 2;
    this.offsetMs = Math.abs(skew) < 50 ? 0 : Math.round(skew);
  }
}
