import { Body, Controller, Headers, HttpCode, Inject, Post } from '@nestjs/common';
import { Access, Describe, UserError } from '@recert/service-kit';
import { type Update } from 'telegraf/types';
import { z } from 'zod';
import { NOTIFIER_CONFIG, type NotifierConfig } from '../../../config';
import { UpdateIntake } from './update-intake';
import { isWebhookSecret } from './webhook';

const updateBody = z.looseObject({ update_id: z.int().min(0) });

/** Where Telegram brings updates when it does not wait to be asked. */
@Controller('hooks/telegram')
export class WebhookController {
  constructor(
    @Inject(NOTIFIER_CONFIG) private readonly config: NotifierConfig,
    private readonly intake: UpdateIntake,
  ) {}

  /** 200 when the update is stored; what is made of it comes later. */
  @Post()
  @HttpCode(200)
  @Access('public')
  @Describe({
    says: 'An update of the Bot API; 404 where updates are fetched.',
    body: updateBody,
    answer: z.object({ ok: z.literal(true) }),
    proof: {
      header: 'X-Telegram-Bot-Api-Secret-Token',
      says: 'The secret that was given to Telegram with the address.',
    },
  })
  async receive(
    @Headers('x-telegram-bot-api-secret-token') secret: string | undefined,
    @Body() body: unknown,
  ): Promise<{ ok: true }> {
    if (this.config.TELEGRAM_WEBHOOK_URL === undefined) throw UserError.notFound('webhook: updates are fetched');
    if (!isWebhookSecret(this.config, secret)) {
      throw new UserError(401, 'X-Telegram-Bot-Api-Secret-Token is not the one that was given to Telegram.');
    }
    const update = updateBody.safeParse(body);
    if (!update.success) throw new UserError(400, 'update_id: an update of the Bot API has one, and it is a number');
    await this.intake.keep([update.data as unknown as Update]);
    return { ok: true };
  }
}
