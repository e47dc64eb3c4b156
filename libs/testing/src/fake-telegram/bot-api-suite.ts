import { type FakeTelegram } from './fake-telegram';

export interface Answer {
  status: number;
  ok: boolean;
  result: never;
  description: string;
  parameters: { retry_after?: number; migrate_to_chat_id?: number } | undefined;
}

/** Calls the fake as a bot does, with a JSON body. */
export function caller(telegram: FakeTelegram, token = telegram.token) {
  return async (method: string, parameters: object = {}): Promise<Answer> => {
    const response = await fetch(`${telegram.url}/bot${token}/${method}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(parameters),
    });
    return { ...((await response.json()) as Omit<Answer, 'status'>), status: response.status };
  };
}
