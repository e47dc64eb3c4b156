import { Inject, Injectable } from '@nestjs/common';
import { faultOfSubjects, type SubscriptionPatch } from '@recert/contracts';
import { UserError } from '@recert/service-kit';
import { REACH, type Reach, whyNotOutside } from '../outside/post-outside';

/** Whether what a subscription names may be sent, and sent there. */
@Injectable()
export class CheckSubscription {
  constructor(@Inject(REACH) private readonly reach: Reach) {}

  /** @throws UserError 422 with the field, and how to mend it */
  async check({ subjects, url }: Pick<SubscriptionPatch, 'subjects' | 'url'>): Promise<void> {
    const subject = subjects === undefined ? null : faultOfSubjects(subjects);
    if (subject !== null) throw UserError.invalid('subjects', subject);
    const address = url === undefined ? null : await whyNotOutside(url, this.reach);
    if (address !== null) throw UserError.invalid('url', address);
  }
}
