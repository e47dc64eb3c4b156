import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@recert/embedded-postgres';
import { AdminLinks, ConfiguredLibraries, summary } from '@recert/registry';
import { startProcess, type Environment, type RunningProcess } from '@recert/service-kit';
import { servicesEnvironment, standaloneConfig, type StandaloneConfig } from './config';
import { standaloneProcess } from './standalone-process';

export interface Standalone {
  readonly url: string;
  /** Stops the services, then the database. */
  stop(): Promise<void>;
  tellOfCrash: RunningProcess['tellOfCrash'];
}

/** All services in one process, on an embedded PostgreSQL unless `DATABASE_URL` names another. */
export async function startStandalone(given: Environment, print: (line: string) => void): Promise<Standalone> {
  const config = standaloneConfig.parse(given);
  const postgres = config.DATABASE_URL === undefined ? await embeddedPostgres(config) : null;
  try {
    const environment = servicesEnvironment(given, config, postgres?.url ?? config.DATABASE_URL!);
    const running = await startProcess(standaloneProcess, environment);
    await greet(running, given, config, print);
    return {
      url: running.url,
      stop: () => stopBoth(running, postgres),
      tellOfCrash: (error) => running.tellOfCrash(error),
    };
  } catch (error) {
    await postgres?.stop();
    throw error;
  }
}

async function embeddedPostgres(config: StandaloneConfig): Promise<EmbeddedPostgres> {
  const folder = resolve(config.RECERT_DATA);
  mkdirSync(folder, { recursive: true });
  return startEmbeddedPostgres({ dataDir: join(folder, 'postgres') });
}

async function stopBoth(running: RunningProcess, postgres: EmbeddedPostgres | null): Promise<void> {
  await running.stop();
  await postgres?.stop();
}

async function greet(
  running: RunningProcess,
  given: Environment,
  config: StandaloneConfig,
  print: (line: string) => void,
): Promise<void> {
  const link = await running.app.get(AdminLinks, { strict: false }).create();
  const { report, failures } = await running.app
    .get(ConfiguredLibraries, { strict: false })
    .importConfiguredLibraries();
  const address = running.config.PUBLIC_URL ?? running.url;
  print('Recert is running.');
  print('');
  print(`  Console     ${address}`);
  print(`  Admin link  ${address}${link}   (works once, for 24 hours)`);
  for (const line of [...(report === null ? [] : [summary(report)]), ...failures]) print(`  Library     ${line}`);
  print(`  Data        ${config.DATABASE_URL === undefined ? resolve(config.RECERT_DATA) : 'the given DATABASE_URL'}`);
  print(
    `  Telegram    ${given.TELEGRAM_BOT_TOKEN || given.TELEGRAM_BOT_TOKEN_FILE ? 'connecting' : 'not connected: questions wait in the console (README: Connect a real bot)'}`,
  );
  print('');
  print('  Ctrl-C stops everything; npm start goes on with the same data.');
}
