import { Inject, Injectable } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { PersonLinked } from '@recert/contracts';
import { Clock } from '@recert/service-kit';
import { InjectBot } from 'nestjs-telegraf';
import { type Telegraf } from 'telegraf';
import { BotApi } from '../bot-api';
import { BOT_ID } from '../bot-id';
import { BotRepository } from './bot.repository';

const TIMEOUT_MS = 10_000;

const COMMANDS = [
  { command: 'due', description: 'What waits for your answer' },
  { command: 'mine', description: 'The processes you own' },
  { command: 'status', description: 'How the library stands' },
  { command: 'login', description: 'A link into the console, for you alone' },
  { command: 'alerts', description: 'The alerts that are open, for admins' },
  { command: 'kpis', description: 'How the products stand, for admins' },
  { command: 'help', description: 'What this bot does, and your Telegram id' },
];

/** Learns who the bot is, and announces it when that is news. */
@Injectable()
export class IntroduceBot {
  constructor(
    @InjectBot() private readonly bot: Telegraf,
    @Inject(BOT_ID) private readonly botId: number,
    private readonly api: BotApi,
    private readonly bots: BotRepository,
    private readonly database: ServiceDatabase,
    private readonly clock: Clock,
  ) {}

  /** What is known without asking Telegram, so that no update has to wait for it. */
  async recall(): Promise<void> {
    const username = (await this.bots.username(this.database.dataSource.manager, this.botId)) ?? '';
    this.setIdentity(username, '');
  }

  /** @throws BotApiError when Telegram cannot be reached or does not know the token */
  async introduce(signal: AbortSignal): Promise<void> {
    const me = await this.api.call('getMe', {}, { timeoutMs: TIMEOUT_MS, signal });
    this.setIdentity(me.username, me.first_name);
    await this.database.transaction(async (tx) => {
      if ((await this.bots.username(tx.db, this.botId)) === me.username) return;
      await this.bots.save(tx.db, this.botId, me.username);
      tx.publish(PersonLinked, { what: 'bot-up', username: me.username, at: this.clock.now().toISOString() });
    });
    // The menu of the chat is a convenience: nothing depends on it.
    await this.api
      .call('setMyCommands', { commands: COMMANDS }, { timeoutMs: TIMEOUT_MS, signal })
      .catch(() => undefined);
  }

  private setIdentity(username: string, name: string): void {
    this.bot.botInfo = {
      id: this.botId,
      is_bot: true,
      first_name: name,
      username,
      can_join_groups: true,
      can_read_all_group_messages: false,
      supports_inline_queries: false,
    };
  }
}
