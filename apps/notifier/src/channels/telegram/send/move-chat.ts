import { Injectable } from '@nestjs/common';
import { ServiceDatabase, type Tx } from '@recert/bus';
import { FollowMovedGroup } from '../../../alerts/follow-moved-group';
import { DeliveryRepository } from '../../../messages/delivery.repository';
import { Wake } from '../../../messages/wake';
import { PersonRepository } from '../../../people/person.repository';
import { QuestionRepository } from '../../../questions/question.repository';

/** A group that became a supergroup has another id: everything that speaks of it follows. */
@Injectable()
export class MoveChat {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly people: PersonRepository,
    private readonly questions: QuestionRepository,
    private readonly deliveries: DeliveryRepository,
    private readonly groups: FollowMovedGroup,
    private readonly wake: Wake,
  ) {}

  async move(from: number, to: number): Promise<void> {
    await this.database.transaction((tx) => this.moveIn(tx, from, to));
  }

  async moveIn(tx: Tx, from: number, to: number): Promise<void> {
    await this.people.moveChat(tx.db, from, to);
    await this.questions.moveChat(tx.db, from, to);
    await this.groups.move(tx, from, to);
    await this.deliveries.moveChat(tx.db, from, to);
    this.wake.afterCommit(tx, 'deliveries');
  }
}
