import { Injectable } from '@nestjs/common';
import { InjectBot } from 'nestjs-telegraf';
import { Telegraf, TelegramError } from 'telegraf';
import { type Opts, type Telegram } from 'telegraf/types';
import { BotApiError, failureOf, withoutToken } from './bot-api-error';
import { ReachEvidence } from './reach/reach-evidence';

export interface CallOptions {
  /** After this the call counts as failed; whether it did something is then unknown. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

type OptionsOfTelegraf = NonNullable<Parameters<Telegraf['telegram']['callApi']>[2]>;

/** Calls the Bot API through Telegraf, on connections that stay open. */
@Injectable()
export class BotApi {
  constructor(
    @InjectBot() private readonly bot: Telegraf,
    private readonly evidence: ReachEvidence,
  ) {}

  /** @throws BotApiError */
  async call<M extends keyof Telegram>(
    method: M,
    parameters: Opts<M>,
    { timeoutMs, signal }: CallOptions,
  ): Promise<ReturnType<Telegram[M]>> {
    const timeout = AbortSignal.timeout(timeoutMs);
    const ends = signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
    try {
      // Telegraf's types know an older AbortSignal; what it fetches with takes Node's.
      const options = { signal: ends } as unknown as OptionsOfTelegraf;
      const answer = await this.bot.telegram.callApi(method, parameters, options);
      this.evidence.note(method, null);
      return answer;
    } catch (error) {
      const failure = toBotApiError(method, error, timeout.aborted);
      // Whoever gives a call up learns nothing of Telegram.
      if (signal?.aborted !== true) this.evidence.note(method, failure);
      throw failure;
    }
  }
}

function toBotApiError(method: string, error: unknown, timedOut: boolean): BotApiError {
  if (error instanceof TelegramError) {
    const { code, description, parameters } = error;
    return new BotApiError(
      failureOf({ code, description, parameters }),
      withoutToken(`${method}: ${code} ${description}`),
    );
  }
  const what = timedOut ? 'no answer in time' : error instanceof Error ? error.message : String(error);
  return new BotApiError({ kind: 'away' }, withoutToken(`${method}: ${what}`));
}
