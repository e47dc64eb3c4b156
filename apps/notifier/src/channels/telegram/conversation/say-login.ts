import { Injectable } from '@nestjs/common';
import { type Person } from '../../../people/person';
import { OfferLogin } from '../accounts/offer-login';
import { type UpdateWork } from '../receive/update-work';
import { loginLink, NO_LOGIN } from './phrases';
import { Reply } from './reply';
import { SayUnwritten } from './say-unwritten';

/** Gives somebody a link into the console, in their own chat, or says why there is none. */
@Injectable()
export class SayLogin {
  constructor(
    private readonly logins: OfferLogin,
    private readonly secrets: SayUnwritten,
    private readonly reply: Reply,
  ) {}

  get isPossible(): boolean {
    return this.logins.isPossible;
  }

  async say(work: UpdateWork, person: Person, chatId: number): Promise<void> {
    const offer = this.logins.offer(work.tx, person);
    if (offer.kind === 'link') this.secrets.say(work, chatId, loginLink(person.name, offer.url));
    else await this.reply.say(work, { chatId, handle: person.handle }, [{ text: NO_LOGIN[offer.kind] }]);
  }
}
