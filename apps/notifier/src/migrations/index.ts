import { CreatePeopleAndProcesses } from './0001-people-and-processes';
import { CreateQuestions } from './0002-questions';
import { CreateDeliveries } from './0003-deliveries';
import { CreateTelegramUpdates } from './0004-telegram-updates';
import { CreateChatsAndProducts } from './0005-chats-and-products';
import { CreateThreads } from './0006-threads';
import { CreateAlerts } from './0007-alerts';
import { CreateKpiWeeks } from './0008-kpi-weeks';
import { RunsOfMessages } from './0009-runs-of-messages';
import { CreateHub } from './0010-hub';
import { ReadCodesAgain } from './0011-read-codes-again';
import { CreateWatching } from './0012-watching';

/** In the order in which they run. A migration that was released is never edited. */
export const migrations = [
  CreatePeopleAndProcesses,
  CreateQuestions,
  CreateDeliveries,
  CreateTelegramUpdates,
  CreateChatsAndProducts,
  CreateThreads,
  CreateAlerts,
  CreateKpiWeeks,
  RunsOfMessages,
  CreateHub,
  ReadCodesAgain,
  CreateWatching,
];
