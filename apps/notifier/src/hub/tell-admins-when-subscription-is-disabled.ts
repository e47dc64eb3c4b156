import { Controller } from '@nestjs/common';
import { done, OnEvent, type Delivery, type Outcome } from '@recert/bus';
import { SubscriptionDisabled } from '@recert/contracts';
import { AdminChats } from '../chats/admin-chats';
import { dayAndTime } from '../kpis/week-text';
import { Priority } from '../messages/delivery';
import { compose, type Message, oneLine } from '../messages/rich-text';
import { rowsTo, type Place } from './look-button';
import { SayInHub } from './say-in-hub';

/** Nobody outside hears anything any more: somebody has to know. */
@Controller()
export class TellAdminsWhenSubscriptionIsDisabled {
  constructor(
    private readonly chats: AdminChats,
    private readonly hub: SayInHub,
  ) {}

  @OnEvent(SubscriptionDisabled, { durable: 'notifier.tell-admins-when-subscription-is-disabled' })
  async handle(disabled: SubscriptionDisabled, { tx }: Delivery): Promise<Outcome> {
    const chats = await this.chats.chatsFor(tx.db, { productId: null, everybody: false });
    const thread = `subscription:${disabled.subscriptionId}`;
    const message = disabledMessage(disabled, this.hub.place);
    await this.hub.say(tx, chats, { thread, priority: Priority.warning, message, stage: String(disabled.version) });
    return done;
  }
}

export function disabledMessage(disabled: SubscriptionDisabled, place: Place): Message {
  const since = dayAndTime(new Date(disabled.failingSince), place.zone);
  const parts = [
    { text: oneLine(disabled.name), style: 'bold', cuttable: true } as const,
    { text: ' is sent nothing any more.\n' },
    { text: oneLine(disabled.address), cuttable: true },
    { text: ` has taken nothing since ${since}: ` },
    { text: oneLine(disabled.error), cuttable: true },
    { text: '.\nWhat it subscribed to waits, until an admin enables it again.' },
  ];
  return { ...compose(parts), buttons: rowsTo(place, '/settings') };
}
