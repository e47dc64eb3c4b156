import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ServiceDatabase, type Tx } from '@recert/bus';
import { type SubscriptionBody, type SubscriptionPatch, type SubscriptionState } from '@recert/contracts';
import { Clock, UserError } from '@recert/service-kit';
import { HistoryRepository } from '../history/history.repository';
import { CheckSubscription } from './check-subscription';
import { newSecret } from './sign';
import { historyOf, shownUrl, type Subscription } from './subscription';
import { SubscriptionRepository } from './subscription.repository';
import { WantedSubjects } from './wanted-subjects';

/** Each may have some messages in memory at once. */
const MOST = 50;

/** Makes, changes and removes subscriptions. */
@Injectable()
export class EditSubscription {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly subscriptions: SubscriptionRepository,
    private readonly wanted: WantedSubjects,
    private readonly history: HistoryRepository,
    private readonly rules: CheckSubscription,
    private readonly clock: Clock,
  ) {}

  /** @returns it with its secret, which nobody is shown again. @throws UserError 422 */
  async create(body: SubscriptionBody, by: string): Promise<{ id: string; secret: string }> {
    await this.rules.check(body);
    const createdAt = this.clock.now();
    const made = { ...body, id: randomBytes(6).toString('hex'), secret: newSecret(), createdAt };
    const subjects = [...new Set(body.subjects)].sort();
    await this.database.transaction(async (tx) => {
      if ((await this.subscriptions.count(tx)) >= MOST)
        throw UserError.conflict(`There are ${MOST} subscriptions already: remove one first.`);
      await this.subscriptions.add(tx, { ...made, subjects });
      await this.wanted.changed(tx);
      await this.history.append(tx, historyOf(null, { ...made, subjects, state: 'active' }, createdAt, by));
    });
    return { id: made.id, secret: made.secret };
  }

  /** @throws UserError 404, 422 */
  async change(id: string, patch: SubscriptionPatch, by: string): Promise<void> {
    await this.rules.check(patch);
    const now = this.clock.now();
    await this.database.transaction(async (tx) => {
      const before = await this.locked(tx, id);
      const { name = before.name, active } = patch;
      // Whoever sends back what was shown to them means the address as it is.
      const url = patch.url === undefined || patch.url === shownUrl(before.url) ? before.url : patch.url;
      const subjects = patch.subjects === undefined ? before.subjects : [...new Set(patch.subjects)].sort();
      await this.subscriptions.rename(tx, { id, name, url });
      if (patch.subjects !== undefined) await this.subscriptions.want(tx, id, subjects, now);
      const state = active === undefined ? before.state : await this.switch(tx, before, active, now);
      await this.wanted.changed(tx);
      await this.history.append(tx, historyOf(before, { id, name, url, subjects, state }, now, by));
    });
  }

  /** What waits for it goes with it. @throws UserError 404 */
  async remove(id: string, by: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const before = await this.locked(tx, id);
      await this.subscriptions.remove(tx, id);
      await this.wanted.changed(tx);
      await this.history.append(tx, historyOf(before, null, this.clock.now(), by));
    });
  }

  /** @returns the new secret. @throws UserError 404 */
  async changeSecret(id: string, by: string): Promise<string> {
    const [secret, at] = [newSecret(), this.clock.now()];
    await this.database.transaction(async (tx) => {
      await this.locked(tx, id);
      await this.subscriptions.changeSecret(tx, id, secret, at);
      const what = { field: 'subscription secret', old: null, new: null, cause: `subscription ${id}: another secret` };
      await this.history.append(tx, [{ at, by, processId: null, person: null, ...what, source: 'http' }]);
    });
    return secret;
  }

  private async locked(tx: Tx, id: string): Promise<Subscription> {
    const found = await this.subscriptions.lock(tx, id);
    if (found === null) throw UserError.notFound(`subscription "${id}"`);
    return found;
  }

  private async switch(tx: Tx, before: Subscription, active: boolean, now: Date): Promise<SubscriptionState> {
    const { id, state, failingSince } = before;
    if (active && state !== 'active') await this.subscriptions.switchOn(tx, before, now);
    // What was given up during the trouble goes with what waits.
    if (active && state === 'disabled') await this.subscriptions.sendNow(tx, id, failingSince, now);
    if (!active) await this.subscriptions.switchOff(tx, id);
    return active ? 'active' : 'off';
  }
}
