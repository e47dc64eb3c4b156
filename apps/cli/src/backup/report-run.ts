import { Api, type Environment } from '../api';
import { setting } from './config';

const TASK = '/hooks/tasks/backup';
const PATIENCE_MS = 10_000;

export type Report = (status: 'start' | 'success' | 'fail', log?: string) => Promise<void>;

/**
 * What tells the hub how the backup does, as its task `backup`; nobody is told without BACKUP_TASK_TOKEN and RECERT_URL.
 * @param complain says that it could not be told, which changes nothing of the backup
 */
export function reportTo(environment: Environment, complain: (line: string) => void): Report {
  const token = setting(environment, 'BACKUP_TASK_TOKEN');
  const url = environment['RECERT_URL'];
  if (token === undefined || !url) return async () => undefined;
  return async (status, log) => {
    try {
      const api = Api.from({ RECERT_URL: url, RECERT_TOKEN: token }, PATIENCE_MS);
      await api.post(TASK, { status, ...(log !== undefined && { log }) });
    } catch (error) {
      complain(`The hub was not told "${status}" of this backup: ${(error as Error).message}`);
    }
  };
}
