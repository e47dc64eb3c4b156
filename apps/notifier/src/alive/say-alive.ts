import { Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { type WeekTime } from '@recert/recertification';
import { Urgency } from '../channels/fallback/fallback-delivery';
import { SpeakElsewhere } from '../channels/fallback/speak-elsewhere';
import { AdminChats } from '../chats/admin-chats';
import { SayInHub } from '../hub/say-in-hub';
import { Priority } from '../messages/delivery';
import { aliveMessage } from './alive-message';
import { isFirstOfMonth, turnAfter } from './alive-turn';
import { AliveRepository } from './alive.repository';
import { GatherFacts } from './gather-facts';

/** Tells the admins how the week was. */
@Injectable()
export class SayAlive {
  constructor(
    private readonly alive: AliveRepository,
    private readonly facts: GatherFacts,
    private readonly chats: AdminChats,
    private readonly hub: SayInHub,
    private readonly elsewhere: SpeakElsewhere,
  ) {}

  /** @returns false where it is not due, or another replica says it at this moment */
  async say(tx: Tx, time: WeekTime, now: Date): Promise<boolean> {
    const turn = await this.alive.lockTurn(tx.db);
    if (turn === null || turn.nextAt > now) return false;
    const next = turnAfter(time, this.hub.place.zone, now);
    await this.alive.replaceTurn(tx.db, turn, next);
    const message = aliveMessage(await this.facts.gather(tx.db, now), next.nextAt, this.hub.place);
    const chats = await this.chats.chatsFor(tx.db, { productId: null, everybody: false });
    const thread = `alive:${turn.nextAt.toISOString()}`;
    await this.hub.say(tx, chats, { thread, priority: Priority.info, message, stage: 'said' });
    if (isFirstOfMonth(turn, now, this.hub.place.zone)) await this.proveFallback(tx, message.text, now);
    return true;
  }

  private async proveFallback(tx: Tx, said: string, now: Date): Promise<void> {
    const text = `${said}\n\nOnce a month this comes here, too, so that you notice if it does not.`;
    await this.elsewhere.sayOnAll(tx, 'alive', { urgency: Urgency.low, title: 'Recert: I am alive', text }, now);
  }
}
