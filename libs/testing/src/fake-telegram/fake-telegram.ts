import { type Update, type User } from './api-types';
import { botMethods } from './bot-methods';
import { CallbackQueries } from './callback-queries';
import { type ChatMessage, ChatStore } from './chat-store';
import { FakeGroup } from './fake-group';
import { FakeUser, type World } from './fake-user';
import { type FaultOptions, Faults } from './faults';
import { type Flood, FloodControl, type FloodLimits, strictLimits } from './flood-limits';
import { type Call, HttpFront } from './http-front';
import { MessageMethods } from './message-methods';
import { UpdateQueue } from './update-queue';
import { WebhookSender } from './webhook-sender';

export interface FakeTelegramOptions {
  /** `<digits>:<anything>`; every other token is answered 401. */
  token?: string;
  botUsername?: string;
  /** Telegram's by default; some changed, or `false` for none. */
  limits?: Partial<FloodLimits> | false;
}

const patienceMs = 5_000;

/**
 * A Bot API server that is as strict as Telegram: the far end of the tests of everything that talks to Telegram.
 * It is a server of its own, so its chats outlive the bot under test.
 */
export class FakeTelegram {
  readonly token: string;
  readonly bot: User;
  private readonly world: World;
  private readonly front: HttpFront;
  private readonly webhook: WebhookSender;
  private readonly flood: FloodControl;
  private readonly faults = new Faults();
  private readonly users = new Map<number, FakeUser>();
  private shiftMs = 0;
  private lastGroup = 0;

  constructor({ token = '700001:fake', botUsername = 'recert_test_bot', limits = {} }: FakeTelegramOptions) {
    this.token = token;
    this.bot = { id: Number(token.split(':')[0]), is_bot: true, first_name: 'Recert', username: botUsername };
    const now = (): Date => this.now();
    const chats = new ChatStore(now);
    const updates = new UpdateQueue(now);
    const queries = new CallbackQueries(now);
    this.flood = new FloodControl(limits === false ? undefined : { ...strictLimits, ...limits });
    this.world = { bot: this.bot, chats, updates, queries, now };
    const messages = new MessageMethods(chats, this.flood, this.bot, now);
    this.webhook = new WebhookSender(updates, now, (method, parameters) => run(method, parameters));
    const run = botMethods({ bot: this.bot, chats, updates, webhook: this.webhook, queries, messages });
    this.front = new HttpFront({ token, faults: this.faults, now, run });
  }

  /** The root that a bot is configured with, without the token. */
  get url(): string {
    return this.front.url;
  }

  /** Every call of the bot in order, refused ones too. */
  get calls(): readonly Call[] {
    return this.front.calls;
  }

  /** Every message that was refused because the bot was too fast. A well-behaved bot has none. */
  get floods(): readonly Flood[] {
    return this.flood.floods;
  }

  /** The updates below it are confirmed by polling. */
  get confirmedOffset(): number {
    return this.world.updates.confirmedOffset;
  }

  /** The updates that the bot has not confirmed. */
  get pendingUpdates(): readonly Update[] {
    return this.world.updates.pending();
  }

  /** The fake's time: the machine's, and what `advance` has added. */
  now(): Date {
    return new Date(Date.now() + this.shiftMs);
  }

  /** Lets time pass for presses, updates and limits. */
  advance(ms: number): void {
    this.shiftMs += ms;
  }

  /** The person with this id; a new one cannot be written to before `start`. */
  user(of: { id: number; firstName: string; username?: string }): FakeUser {
    const known = this.users.get(of.id);
    if (known !== undefined) return known;
    const { id, firstName, username } = of;
    const user = new FakeUser(this.world, {
      id,
      is_bot: false,
      first_name: firstName,
      ...(username === undefined ? {} : { username }),
      language_code: 'en',
    });
    this.users.set(id, user);
    return user;
  }

  /** A new group, in which the bot is not yet. */
  group({ title, type = 'group' }: { title: string; type?: 'group' | 'supergroup' }): FakeGroup {
    this.lastGroup += 1;
    const id = (type === 'group' ? -4_100_000_000 : -1_001_000_000_000) - this.lastGroup;
    return new FakeGroup(this.world, { id, title, type });
  }

  /** What is in a chat now. */
  chat(id: number): { readonly messages: readonly ChatMessage[] } {
    return { messages: this.world.chats.messages(id) };
  }

  /** The first message of the bot in the chat that fits, now or within the time (5 s by default). */
  async waitForMessage(
    chatId: number,
    fits: (message: ChatMessage) => boolean = () => true,
    timeoutMs = patienceMs,
  ): Promise<ChatMessage> {
    return this.world.chats.waitFor(chatId, (one) => one.from.id === this.bot.id && fits(one), timeoutMs);
  }

  /** The message as it is when it has been edited after the given state of it, and fits. */
  async waitForEdit(
    message: ChatMessage,
    fits: (message: ChatMessage) => boolean = () => true,
    timeoutMs = patienceMs,
  ): Promise<ChatMessage> {
    const isLater = (one: ChatMessage): boolean => one.id === message.id && one.edits.length > message.edits.length;
    return this.world.chats.waitFor(message.chatId, (one) => isLater(one) && fits(one), timeoutMs);
  }

  /** Plans what the next calls of a method end in. */
  fail(method: string, options: FaultOptions): void {
    this.faults.plan(method, options);
  }

  /** Forgets all planned faults. */
  heal(): void {
    this.faults.clear();
  }

  /** Sends an update once more that the bot had already. */
  redeliver(update: Update): void {
    this.world.updates.redeliver(update.update_id);
  }

  /** Changes the limits; `false` switches them off. */
  limit(limits: Partial<FloodLimits> | false): void {
    this.flood.limits = limits === false ? undefined : { ...strictLimits, ...limits };
  }

  /** Becomes unreachable; what is in the chats stays. */
  async down(): Promise<void> {
    this.world.updates.endPoll(undefined);
    await this.front.down();
  }

  /** Becomes reachable again, at the same address. */
  async up(): Promise<void> {
    await this.front.up();
  }

  async stop(): Promise<void> {
    await this.down();
    await this.webhook.close();
  }
}

/** Starts a fake Telegram on loopback. */
export async function startFakeTelegram(options: FakeTelegramOptions = {}): Promise<FakeTelegram> {
  const telegram = new FakeTelegram(options);
  await telegram.up();
  return telegram;
}
