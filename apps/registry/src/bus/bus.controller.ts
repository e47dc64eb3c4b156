import { Body, Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import {
  busView,
  refillBody,
  refillView,
  switchBody,
  type BusView,
  type RefillBody,
  type RefillView,
  type SwitchBody,
} from '@recert/contracts';
import { Access, Describe, parsed, Sender, type Principal } from '@recert/service-kit';
import { LeadSwitch } from './lead-switch';
import { RefillBus } from './refill-bus';
import { WatchSwitch } from './watch-switch';

/** What carries the events, and the way from one transport to the other. */
@Controller('api/bus')
@Access('admin')
export class BusController {
  constructor(
    private readonly lead: LeadSwitch,
    private readonly watch: WatchSwitch,
    private readonly refill: RefillBus,
  ) {}

  @Get()
  @Describe({
    says: 'Which transport carries the events, every service with it, and how far a switch is.',
    answer: busView,
  })
  view(): Promise<BusView> {
    return this.lead.view();
  }

  @Post('switch')
  @HttpCode(202)
  @Describe({
    says: 'Begins to move the running installation to another transport; 409 while one is under way.',
    body: switchBody,
    answer: busView,
  })
  async switch(@Body(parsed(switchBody)) { to }: SwitchBody, @Sender() sender: Principal): Promise<BusView> {
    await this.lead.ask(to, sender.handle ?? sender.name);
    this.watch.wake();
    return this.lead.view();
  }

  @Delete('switch')
  @HttpCode(200)
  @Describe({
    says: 'Gives up the switch that is under way: all go back, and what was published on the new transport is published again.',
    answer: busView,
  })
  async abandon(@Sender() sender: Principal): Promise<BusView> {
    await this.lead.abandon(sender.handle ?? sender.name);
    return this.lead.view();
  }

  @Post('replay')
  @HttpCode(200)
  @Describe({
    says: 'Has every service publish again what it has published since an instant; what was handled is not handled twice.',
    body: refillBody,
    answer: refillView,
  })
  replay(@Body(parsed(refillBody)) { since }: RefillBody, @Sender() sender: Principal): Promise<RefillView> {
    return this.refill.since(new Date(since), sender.handle ?? sender.name);
  }
}
