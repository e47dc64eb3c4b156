import { Injectable, Logger } from '@nestjs/common';
import { ServiceDatabase, WakeSignal } from '@recert/bus';
import { Clock } from '@recert/service-kit';
import { PersonRepository } from '../../../people/person.repository';
import { AskPeople } from '../../../questions/ask-people';
import { type Lease } from '../leadership';
import { pause } from '../pause';

/** Only the safety net, and how far a clock may jump unnoticed. */
const POLL_MS = 5000;
/** A moment more than the timer says: timers may be early. */
const SLACK_MS = 5;

/** Sends notices when their time has come. */
@Injectable()
export class NoticeRunner {
  private readonly log = new Logger('telegram');
  private readonly signal = new WakeSignal();

  constructor(
    private readonly database: ServiceDatabase,
    private readonly people: PersonRepository,
    private readonly asker: AskPeople,
    private readonly clock: Clock,
  ) {}

  wake(): void {
    this.signal.wake();
  }

  async run({ signal }: Lease): Promise<void> {
    signal.addEventListener('abort', () => this.signal.wake());
    while (!signal.aborted) {
      try {
        await this.sendDue();
        const inMs = await this.people.nextNoticeIn(this.database.dataSource.manager, this.clock.now(), new Date());
        if (!signal.aborted)
          await this.signal.wait(Math.max(SLACK_MS, Math.min(POLL_MS, (inMs ?? POLL_MS) + SLACK_MS)));
      } catch (error) {
        if (signal.aborted) return;
        this.log.warn(`Notices cannot be prepared, trying again: ${String(error)}`);
        await pause(1000, signal);
      }
    }
  }

  private async sendDue(): Promise<void> {
    const due = await this.people.noticeDue(this.database.dataSource.manager, this.clock.now(), new Date());
    for (const handle of due) {
      await this.database.transaction(async (tx) => {
        const person = (await this.people.lock(tx.db, [handle])).get(handle);
        if (person !== undefined) await this.asker.carryOn(tx, person);
      });
    }
  }
}
