import { answer, type HistoryView, processStatus, type ProcessRegistered, type ProcessView } from '@recert/contracts';
import { type Call, type Command } from '../command';
import { UsageError } from '../exit-codes';
import { day } from '../printer';

type ProcessDetail = ProcessView & Pick<ProcessRegistered, 'review' | 'lastResponse' | 'updatingSince'>;

const pathOf = (id: string): string => `/api/processes/${encodeURIComponent(id)}`;
const section = { value: 'SECTION', says: 'only those of this section' };
const owner = { value: 'HANDLE', says: 'only those of this owner' };

export const processCommands: readonly Command[] = [
  {
    name: 'processes',
    says: 'List the processes',
    options: {
      status: { value: 'STATUS', says: `only ${processStatus.options.join(', ')}`, oneOf: processStatus.options },
      owner,
      section,
    },
    run: list,
  },
  { name: 'process', says: 'Show one process', args: ['ID'], run: show },
  { name: 'history', says: 'Show every change of a process', args: ['ID'], run: history },
  {
    name: 'ask',
    says: 'Ask for a review now, of one process or of all',
    args: ['[ID]'],
    options: { all: { says: 'everything that is written down' }, section, owner },
    run: ask,
  },
  { name: 'answer', says: `Answer for a process: ${answer.options.join(', ')}`, args: ['ID', 'ANSWER'], run: respond },
];

async function list({ api, print, text }: Call): Promise<void> {
  const query = { status: text('status'), owner: text('owner'), section: text('section') };
  const processes = await api.all<ProcessView>('/api/processes', query);
  print.table(
    processes,
    {
      ID: ({ id }) => id,
      STATUS: ({ status, documented }) => (documented ? status : 'not written down'),
      OWNER: (process) => process.owner,
      CERTIFIED: ({ certificationDate }) => day(certificationDate),
      DUE: ({ nextDueAt }) => day(nextDueAt),
      PERIOD: ({ triggerPeriod }) => triggerPeriod,
    },
    'There are no such processes.',
  );
}

async function show({ api, print, args }: Call): Promise<void> {
  const process = await api.get<ProcessDetail>(pathOf(args[0]!));
  print.result(process, () => print.facts(factsOf(process)));
}

function factsOf(process: ProcessDetail): Record<string, string | null> {
  const { review, lastResponse } = process;
  return {
    id: process.id,
    name: process.name,
    section: process.section,
    owner: process.owner,
    deputy: process.deputy,
    status: process.documented ? process.status : 'not written down',
    certified: process.certificationDate,
    period: process.triggerPeriod,
    'next due': process.nextDueAt,
    review: review?.open ? `open since ${review.openedAt}: ${review.reason}` : null,
    'last answer': lastResponse ? `${lastResponse.answer} by ${lastResponse.by} at ${lastResponse.at}` : null,
    ...(lastResponse?.refused && { refused: lastResponse.refused }),
    record: process.url,
  };
}

async function history({ api, print, args }: Call): Promise<void> {
  const changes = await api.all<HistoryView>(`${pathOf(args[0]!)}/history`);
  print.table(
    changes,
    {
      AT: ({ at }) => at,
      BY: ({ by }) => by,
      FIELD: ({ field }) => field,
      OLD: ({ old }) => old,
      NEW: (change) => change.new,
      CAUSE: ({ cause }) => cause,
      SOURCE: ({ source }) => source,
    },
    'Nothing has changed yet.',
  );
}

async function ask({ api, print, args: [id], text, isOn }: Call): Promise<void> {
  const filter = { section: text('section'), owner: text('owner') };
  const isFiltered = filter.section !== undefined || filter.owner !== undefined;
  if (isOn('all')) {
    if (id !== undefined) throw new UsageError('give an ID or --all, not both');
    const answered = await api.post<{ asked: number }>('/api/processes/ask', filter);
    return print.result(answered, ({ asked }) => print.line(`Asked for ${asked} reviews.`));
  }
  if (id === undefined) throw new UsageError('give the ID of a process, or --all');
  if (isFiltered) throw new UsageError('--section and --owner go with --all');
  const process = await api.post<ProcessView>(`${pathOf(id)}/ask`);
  print.result(process, () =>
    print.line(`Asked ${process.owner ?? 'nobody, as it has no owner,'} about ${process.name}.`),
  );
}

async function respond({ api, print, args: [id, given] }: Call): Promise<void> {
  const known = answer.safeParse(given);
  if (!known.success) throw new UsageError(`"${given}" is no answer: write ${answer.options.join(', ')}`);
  const process = await api.post<ProcessView>(`${pathOf(id!)}/response`, { answer: known.data });
  const next = process.nextDueAt === null ? '' : `, due again on ${day(process.nextDueAt)}`;
  print.result(process, () => print.line(`${process.name} is ${process.status}${next}.`));
}
