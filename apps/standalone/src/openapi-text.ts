import { describeProcess } from '@recert/service-kit';
import { standaloneProcess } from './standalone-process';

/** Nothing connects to these: only the description is made. With a bot there is its webhook, too. */
export const NOWHERE = {
  DATABASE_URL: 'postgres://nowhere/recert',
  BUS_URL: 'postgres://nowhere/recert',
  TELEGRAM_BOT_TOKEN: '1:none',
};

/** docs/openapi.json: the description of all services, as `/api/openapi.json` of the standalone says it. */
export async function openApiText(): Promise<string> {
  return `${JSON.stringify(await describeProcess(standaloneProcess, NOWHERE), null, 2)}\n`;
}
