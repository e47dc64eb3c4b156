import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  newSubscriptionView,
  pageOf,
  subscriptionBody,
  subscriptionDeliveryQuery,
  subscriptionDeliveryView,
  subscriptionPatch,
  subscriptionSecret,
  subscriptionTestView,
  subscriptionView,
  type NewSubscriptionView,
  type Page,
  type SubscriptionBody,
  type SubscriptionDeliveryView,
  type SubscriptionPatch,
  type SubscriptionView,
} from '@recert/contracts';
import {
  Access,
  badCursor,
  Clock,
  Describe,
  fromCursor,
  parsed,
  Sender,
  toCursor,
  UserError,
  type Principal,
} from '@recert/service-kit';
import { z } from 'zod';
import { DeliveryRepository } from './delivery.repository';
import { EditSubscription } from './edit-subscription';
import { SendByHand } from './send-by-hand';
import { SendDeliveries } from './send-deliveries';
import { toView } from './subscription';
import { SubscriptionRepository } from './subscription.repository';

type DeliveryQuery = z.output<typeof subscriptionDeliveryQuery>;
const isInstant = z.iso.datetime();
const isId = z.uuid();

@Controller('api/subscriptions')
@Access('admin')
export class SubscriptionsController {
  constructor(
    private readonly subscriptions: SubscriptionRepository,
    private readonly deliveries: DeliveryRepository,
    private readonly edit: EditSubscription,
    private readonly hand: SendByHand,
    private readonly sender: SendDeliveries,
    private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(201)
  @Describe({
    says: 'Sends events of these subjects to an outside address from now on. Its signing secret is shown this once.',
    body: subscriptionBody,
    answer: newSubscriptionView,
  })
  async create(
    @Body(parsed(subscriptionBody)) body: SubscriptionBody,
    @Sender() sender: Principal,
  ): Promise<NewSubscriptionView> {
    const { id, secret } = await this.edit.create(body, sender.name);
    return { ...(await this.one(id)), secret };
  }

  @Get()
  @Describe({ says: 'All subscriptions, oldest first, with how they do.', answer: pageOf(subscriptionView) })
  async list(): Promise<Page<SubscriptionView>> {
    const [all, now] = [await this.subscriptions.all(), this.clock.now()];
    return { items: all.map((subscription) => toView(subscription, now)), next: null };
  }

  @Get(':id')
  @Describe({ says: 'One subscription, with how it does.', answer: subscriptionView })
  async one(@Param('id') id: string): Promise<SubscriptionView> {
    const found = await this.subscriptions.find(id);
    if (found === null) throw UserError.notFound(`subscription "${id}"`);
    return toView(found, this.clock.now());
  }

  @Patch(':id')
  @Describe({
    says: 'Changes a subscription; `active: true` takes up one that was disabled or off, and sends what waits.',
    body: subscriptionPatch,
    answer: subscriptionView,
  })
  async change(
    @Param('id') id: string,
    @Body(parsed(subscriptionPatch)) patch: SubscriptionPatch,
    @Sender() sender: Principal,
  ): Promise<SubscriptionView> {
    await this.edit.change(id, patch, sender.name);
    this.sender.expect(this.clock.now());
    return this.one(id);
  }

  @Delete(':id')
  @HttpCode(204)
  @Describe({ says: 'Ends a subscription; what waits for it is not sent any more.', answer: null })
  async remove(@Param('id') id: string, @Sender() sender: Principal): Promise<void> {
    await this.edit.remove(id, sender.name);
  }

  @Post(':id/secret')
  @HttpCode(201)
  @Describe({
    says: 'Another signing secret, shown this once. The one before signs beside it for a day.',
    answer: subscriptionSecret,
  })
  async changeSecret(
    @Param('id') id: string,
    @Sender() sender: Principal,
  ): Promise<z.output<typeof subscriptionSecret>> {
    return { secret: await this.edit.changeSecret(id, sender.name) };
  }

  @Post(':id/test')
  @HttpCode(202)
  @Describe({ says: 'Sends a message of the type subscription.test at once.', answer: subscriptionTestView })
  async test(@Param('id') id: string): Promise<z.output<typeof subscriptionTestView>> {
    return { delivery: await this.hand.test(id) };
  }

  @Get(':id/deliveries')
  @Describe({
    says: 'What was or will be sent there, newest first; what is over is kept for 14 days.',
    query: subscriptionDeliveryQuery,
    answer: pageOf(subscriptionDeliveryView),
  })
  async sent(
    @Param('id') id: string,
    @Query(parsed(subscriptionDeliveryQuery)) { state, cursor, limit }: DeliveryQuery,
  ): Promise<Page<SubscriptionDeliveryView>> {
    await this.one(id);
    const found = await this.deliveries.page(id, state ?? null, beforeOf(cursor), limit + 1);
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items, next: found.length > limit && last ? toCursor([last.createdAt, last.id]) : null };
  }

  @Post(':id/deliveries/:delivery/resend')
  @HttpCode(204)
  @Describe({ says: 'Sends a delivery again, under the same id.', answer: null })
  async resend(@Param('id') id: string, @Param('delivery') delivery: string): Promise<void> {
    await this.one(id);
    if (!isId.safeParse(delivery).success) throw UserError.notFound(`delivery "${delivery}" of this subscription`);
    await this.hand.again(id, delivery);
  }
}

/** @throws UserError 400 when it is not a cursor of this list */
function beforeOf(cursor: string | undefined): readonly [string, string] | null {
  const parts = fromCursor(cursor, 2);
  if (parts === null) return null;
  const [at, id] = parts.map(String) as [string, string];
  return isInstant.safeParse(at).success && isId.safeParse(id).success ? [at, id] : badCursor();
}
