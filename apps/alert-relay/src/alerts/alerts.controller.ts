import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ServiceDatabase, type Cause } from '@recert/bus';
import {
  type AlertQuery,
  alertQuery,
  type AlertView,
  alertView,
  type Page,
  pageOf,
  snoozeBody,
  testAlertBody,
} from '@recert/contracts';
import {
  Access,
  badCursor,
  Clock,
  Describe,
  fromCursor,
  parsed,
  type Principal,
  Requested,
  Sender,
  toCursor,
  UserError,
} from '@recert/service-kit';
import { z } from 'zod';
import { alertViewOf } from './alert-view';
import { type AlertPlace, AlertRepository } from './alert.repository';
import { ChangeAlert } from './change-alert';
import { type AlertCommand } from './decision';
import { RaiseTestAlert } from './raise-test-alert';
import { WhoseAlerts } from './whose-alerts';

const HOUR_MS = 3_600_000;
const uuid = z.uuid();

/** What is wrong, and what people do about it. */
@Controller('api/alerts')
export class AlertsController {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly alerts: AlertRepository,
    private readonly change: ChangeAlert,
    private readonly testing: RaiseTestAlert,
    private readonly whose: WhoseAlerts,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Access('viewer')
  @Describe({
    says: 'Alerts, newest first, or the critical ones before the others.',
    query: alertQuery,
    answer: pageOf(alertView),
  })
  async list(@Query(parsed(alertQuery)) query: AlertQuery, @Sender() who: Principal): Promise<Page<AlertView>> {
    const found = await this.alerts.list(query, placeOf(query.cursor));
    const mayAct = await this.whose.mayAct(who, found);
    const now = this.clock.now();
    const items = found.slice(0, query.limit).map((alert) => alertViewOf(alert, now, mayAct(alert)));
    const last = found.length > query.limit ? items.at(-1) : undefined;
    return { items, next: last ? toCursor([last.severity === 'critical' ? 1 : 0, last.startedAt, last.id]) : null };
  }

  @Get(':id')
  @Access('viewer')
  @Describe({ says: 'One alert.', answer: alertView })
  async show(@Param('id') id: string, @Sender() who: Principal): Promise<AlertView> {
    const alert = uuid.safeParse(id).success ? await this.alerts.find(id) : null;
    if (alert === null) throw UserError.notFound(`alert ${id}`);
    const mayAct = await this.whose.mayAct(who, [alert]);
    return alertViewOf(alert, this.clock.now(), mayAct(alert));
  }

  @Post('test')
  @Access('admin')
  @HttpCode(200)
  @Describe({
    says: 'Raises a test of a product and ends it after two seconds, so that its message reaches the chats.',
    body: testAlertBody,
    answer: alertView,
  })
  async test(
    @Body(parsed(testAlertBody)) { product }: z.output<typeof testAlertBody>,
    @Sender() { name }: Principal,
  ): Promise<AlertView> {
    return alertViewOf(await this.testing.run(product, name), this.clock.now(), true);
  }

  @Post(':id/acknowledge')
  @Access('owner')
  @HttpCode(200)
  @Describe({ says: 'Somebody looks into it: an admin, or one of the people of its product.', answer: alertView })
  acknowledge(@Param('id') id: string, @Sender() who: Principal, @Requested() cause: Cause): Promise<AlertView> {
    return this.apply(id, who, { type: 'acknowledge', by: who.name, at: this.clock.now() }, cause);
  }

  @Post(':id/snooze')
  @Access('owner')
  @HttpCode(200)
  @Describe({
    says: 'Says nothing more of it for so many hours, or until it recovers.',
    body: snoozeBody,
    answer: alertView,
  })
  snooze(
    @Param('id') id: string,
    @Body(parsed(snoozeBody)) { hours }: z.output<typeof snoozeBody>,
    @Sender() who: Principal,
    @Requested() cause: Cause,
  ): Promise<AlertView> {
    const at = this.clock.now();
    const until = hours === undefined ? null : new Date(at.getTime() + Math.max(Math.round(hours * HOUR_MS), 1));
    return this.apply(id, who, { type: 'snooze', by: who.name, at, until }, cause);
  }

  @Post(':id/resolve')
  @Access('owner')
  @HttpCode(200)
  @Describe({ says: 'It is over.', answer: alertView })
  resolve(@Param('id') id: string, @Sender() who: Principal, @Requested() cause: Cause): Promise<AlertView> {
    return this.apply(id, who, { type: 'resolve', by: who.name, at: this.clock.now() }, cause);
  }

  /** @throws UserError 404 for an unknown alert, 403 for one of others, 409 for one that is over */
  private async apply(id: string, who: Principal, command: AlertCommand, cause: Cause): Promise<AlertView> {
    if (!uuid.safeParse(id).success) throw UserError.notFound(`alert ${id}`);
    return this.database.transaction(async (tx) => {
      const known = await this.alerts.lock(tx, id);
      if (known === null) throw UserError.notFound(`alert ${id}`);
      await this.whose.mustAct(tx, who, known);
      if (known.status === 'resolved') throw UserError.conflict('This alert is over already.');
      const decision = await this.change.apply(tx, known, command);
      return alertViewOf(decision.type === 'nothing' ? known : decision.alert, this.clock.now(), true);
    }, cause);
  }
}

/** @throws UserError 400 when it is not a cursor of this list */
function placeOf(cursor: string | undefined): AlertPlace | null {
  const parts = fromCursor(cursor, 3);
  if (parts === null) return null;
  const startedAt = new Date(parts[1]!);
  const id = uuid.safeParse(parts[2]);
  if (Number.isNaN(startedAt.getTime()) || !id.success) return badCursor();
  return { isCritical: parts[0] === 1, startedAt, id: id.data };
}
