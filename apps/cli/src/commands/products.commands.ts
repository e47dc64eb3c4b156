import { type ProductCreated, type ProductView, type tokenView } from '@recert/contracts';
import { type z } from 'zod';
import { type Call, type Command } from '../command';
import { UsageError } from '../exit-codes';

export const productCommands: readonly Command[] = [
  { name: 'products', says: 'List the products', run: list },
  {
    name: 'product add',
    says: 'Register a product and make its token; it is shown this once',
    args: ['NAME'],
    options: {
      owner: { value: 'HANDLE', says: 'who answers for it; needed' },
      admin: { value: 'HANDLE', multiple: true, says: 'who hears of its alerts first' },
      id: { value: 'ID', says: 'where none can be made of the name' },
      url: { value: 'URL', says: 'where it runs' },
      repository: { value: 'URL', says: 'where its code is' },
      sentry: { value: 'PROJECT', says: 'its project in Sentry, slug or id' },
      timezone: { value: 'ZONE', says: 'in which its weeks are counted, e.g. Africa/Nairobi' },
      'due-by': { value: 'WHEN', says: 'when the KPIs of a week are due, e.g. "mon 12:00"' },
    },
    run: add,
  },
  {
    name: 'product token',
    says: 'Make a second token of a product, to take the place of the first; it is shown this once',
    args: ['ID'],
    run: rotate,
  },
  {
    name: 'product deactivate',
    says: 'Revoke the tokens of a product and retire its processes',
    args: ['ID'],
    run: (call) => setActive(call, false),
  },
  {
    name: 'product activate',
    says: 'Take a product up again; it needs a new token',
    args: ['ID'],
    run: (call) => setActive(call, true),
  },
];

async function list({ api, print }: Call): Promise<void> {
  print.table(
    await api.all<ProductView>('/api/products'),
    {
      ID: ({ id }) => id,
      NAME: ({ name, active }) => (active ? name : `${name} (inactive)`),
      OWNER: ({ owner }) => owner,
      ADMINS: ({ admins }) => (admins.length === 0 ? null : admins.join(', ')),
      'KPIS DUE': ({ week }) => `${week.dueBy} ${week.timezone}`,
    },
    'There are no products yet.',
  );
}

async function add({ api, print, args, text, texts }: Call): Promise<void> {
  const owner = text('owner');
  if (owner === undefined) throw new UsageError('give an --owner');
  const made = await api.post<ProductCreated>('/api/products', {
    name: args[0],
    owner,
    admins: texts('admin'),
    ...given({ id: text('id'), url: text('url'), repository: text('repository'), sentryProject: text('sentry') }),
    week: given({ timezone: text('timezone'), dueBy: text('due-by') }),
  });
  print.result(made, ({ id, token, hooks }) => {
    print.facts({ product: id, token, kpis: hooks.kpi, alerts: hooks.alerts, sentry: hooks.sentry });
    print.line('The token is shown this once.');
  });
}

async function rotate({ api, print, args }: Call): Promise<void> {
  const path = `/api/products/${encodeURIComponent(args[0]!)}/tokens`;
  const made = await api.post<z.output<typeof tokenView>>(path);
  print.result(made, ({ token }) => print.line(token));
}

async function setActive({ api, print, args }: Call, active: boolean): Promise<void> {
  const product = await api.patch<ProductView>(`/api/products/${encodeURIComponent(args[0]!)}`, { active });
  print.result(product, ({ name }) => print.line(`${name} is ${active ? 'active' : 'not active any more'}.`));
}

function given(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
