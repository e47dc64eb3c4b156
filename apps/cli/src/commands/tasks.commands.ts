import { type TaskCreated, type TaskView } from '@recert/contracts';
import { type Call, type Command } from '../command';
import { UsageError } from '../exit-codes';

const STATUSES = ['start', 'success', 'fail'];
const STATES = ['new', 'up', 'running', 'late', 'down', 'off'];
/** What may make a task run: one of these, and `every` beside the last three. */
const TRIGGERS = ['every', 'cron', 'event', 'webhook', 'hand'] as const;

export const taskCommands: readonly Command[] = [
  {
    name: 'tasks',
    says: 'List the tasks of the hub, with how they do',
    options: {
      service: { value: 'SERVICE', says: 'of this service only; "outside" for what somebody has registered' },
      owner: { value: 'HANDLE', says: 'of this owner only' },
      state: { value: 'STATE', says: 'new, up, running, late, down or off', oneOf: STATES },
    },
    run: list,
  },
  {
    name: 'task add',
    says: 'Register a task that runs outside and make its token; it is shown this once',
    args: ['NAME'],
    options: {
      owner: { value: 'HANDLE', says: 'who answers for it; needed' },
      deputy: { value: 'HANDLE', says: 'who stands in for the owner' },
      id: { value: 'ID', says: 'where none can be made of the name' },
      every: { value: 'PERIOD', says: 'it runs so often, e.g. daily or PT5M' },
      cron: { value: 'EXPRESSION', says: 'it runs at these times, e.g. "0 3 * * *"' },
      timezone: { value: 'ZONE', says: 'of the cron expression, e.g. Africa/Nairobi' },
      event: { value: 'SUBJECT', says: 'it runs when this is said, e.g. kpi.received' },
      webhook: { says: 'it runs when something is sent to it' },
      hand: { says: 'it runs when somebody wants it' },
      emits: { value: 'SUBJECT', multiple: true, says: 'what it says on the bus' },
      grace: { value: 'PERIOD', says: 'how late it may be before that is news, e.g. PT1H' },
      review: { value: 'PERIOD', says: 'how often its owner is asked about it, e.g. annual' },
      url: { value: 'URL', says: 'where it is looked after' },
      product: { value: 'PRODUCT', says: 'whose task it is' },
      release: { says: 'each run of it is a release' },
    },
    run: add,
  },
  {
    name: 'task report',
    says: 'Report a run of a task: start, success or fail; RECERT_TOKEN is the token of the task',
    args: ['ID', 'STATUS'],
    options: {
      log: { value: 'TEXT', says: 'what it has to say, above all of a failure' },
      version: { value: 'VERSION', says: 'what was released' },
      commit: { value: 'COMMIT', says: 'of what was released' },
      url: { value: 'URL', says: 'where this run can be looked at' },
    },
    run: report,
  },
];

async function list({ api, print, text }: Call): Promise<void> {
  const [service, owner, state] = [text('service'), text('owner'), text('state')];
  print.table(
    await api.all<TaskView>('/api/tasks', { service, owner, state }),
    {
      ID: ({ id }) => id,
      NAME: ({ name }) => name,
      SERVICE: ({ service: runs }) => runs,
      OWNER: ({ owner: whose }) => whose,
      STATE: ({ state: is, trouble }) => (trouble === null ? is : `${is} (${trouble.why})`),
      'LAST HEARD': ({ lastHeardAt }) => lastHeardAt,
      'EXPECTED BY': ({ expectedBy }) => expectedBy,
    },
    'There are no tasks like that.',
  );
}

async function add(call: Call): Promise<void> {
  const { api, print, args, text, texts, isOn } = call;
  const owner = text('owner');
  if (owner === undefined) throw new UsageError('give an --owner');
  const emits = texts('emits');
  const made = await api.post<TaskCreated>('/api/tasks', {
    ...{ name: args[0], owner, trigger: triggerOf(call) },
    ...given(text, ['deputy', 'id', 'grace', 'review', 'url', 'product']),
    ...(emits.length === 0 ? {} : { emits }),
    ...(isOn('release') ? { release: true } : {}),
  });
  print.result(made, ({ id, token, hook }) => {
    print.facts({ task: id, token, hook });
    print.line('The token is shown this once.');
  });
}

/** @throws UsageError when nothing, or more than one thing, makes it run */
function triggerOf({ text, isOn }: Call): object {
  const [every, cron, event, timezone] = [text('every'), text('cron'), text('event'), text('timezone')];
  const given = { cron, event, webhook: isOn('webhook') || undefined, hand: isOn('hand') || undefined };
  const makes = Object.entries(given).filter(([, value]) => value !== undefined);
  if (makes.length > 1 || (makes.length === 0 && every === undefined) || (cron !== undefined && every !== undefined)) {
    throw new UsageError(`give one of ${TRIGGERS.map((name) => `--${name}`).join(', ')}`);
  }
  if (timezone !== undefined && cron === undefined) throw new UsageError('--timezone is for --cron only');
  return { ...Object.fromEntries(makes), ...(every && { every }), ...(timezone && { timezone }) };
}

async function report({ api, print, args, text }: Call): Promise<void> {
  const [id, status] = [args[0]!, args[1]!];
  if (!STATUSES.includes(status)) throw new UsageError(`STATUS is one of ${STATUSES.join(', ')}`);
  const said = given(text, ['log', 'version', 'commit', 'url']);
  const path = `/hooks/tasks/${encodeURIComponent(id)}`;
  const noted = await api.post<{ id: string }>(path, { status, ...said });
  print.result(noted, () => print.line(`${id}: ${status} is noted.`));
}

/** The options that were given, by name. */
function given(text: Call['text'], names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = text(name);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
