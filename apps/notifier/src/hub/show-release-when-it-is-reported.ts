import { Controller } from '@nestjs/common';
import { done, OnEvent, type Delivery, type Outcome } from '@recert/bus';
import { ReleaseReported } from '@recert/contracts';
import { AdminChats } from '../chats/admin-chats';
import { Priority } from '../messages/delivery';
import { olderReleaseMessage, releaseMessage } from './release-message';
import { ReleaseRepository } from './release.repository';
import { SayInHub } from './say-in-hub';

/** A release is one message that says how far it has come; one that went wrong is said anew. */
@Controller()
export class ShowReleaseWhenItIsReported {
  constructor(
    private readonly releases: ReleaseRepository,
    private readonly chats: AdminChats,
    private readonly hub: SayInHub,
  ) {}

  @OnEvent(ReleaseReported, { durable: 'notifier.show-release-when-it-is-reported' })
  async handle(release: ReleaseReported, { tx }: Delivery): Promise<Outcome> {
    const before = await this.releases.learn(tx.db, release);
    if (before === undefined) return done;
    const thread = `release:${release.releaseId}`;
    const isWrong = release.state === 'failed' || release.state === 'rolled-back';
    const message = releaseMessage(release);
    const saying = { thread, priority: isWrong ? Priority.warning : Priority.info, message };
    if (before !== null && (before === release.state || !isWrong)) {
      await this.hub.edit(tx, saying);
      return done;
    }
    const chats = await this.chats.chatsFor(tx.db, { productId: release.productId, everybody: false });
    await this.hub.say(tx, chats, { ...saying, stage: release.state, older: olderReleaseMessage(release) });
    return done;
  }
}
