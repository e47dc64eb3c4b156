import { Controller } from '@nestjs/common';
import { done, OnEvent, type Delivery, type Outcome } from '@recert/bus';
import { TaskRecovered } from '@recert/contracts';
import { Priority } from '../messages/delivery';
import { SayInHub } from './say-in-hub';
import { recoveredMessage } from './task-message';
import { threadOf } from './tell-trouble-when-task-is-down';
import { TroubleRepository } from './trouble.repository';

/** Whoever was told that a task is down reads that it is back. */
@Controller()
export class CloseTroubleWhenTaskRecovers {
  constructor(
    private readonly troubles: TroubleRepository,
    private readonly hub: SayInHub,
  ) {}

  @OnEvent(TaskRecovered, { durable: 'notifier.close-trouble-when-task-recovers' })
  async handle(recovered: TaskRecovered, { tx }: Delivery): Promise<Outcome> {
    if (await this.troubles.lock(tx.db, recovered)) return done;
    await this.troubles.end(tx.db, recovered);
    const message = recoveredMessage(recovered);
    await this.hub.edit(tx, { thread: threadOf(recovered), priority: Priority.info, message });
    return done;
  }
}
