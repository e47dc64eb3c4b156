import { type invitationView, type PersonView, type tokenView } from '@recert/contracts';
import { type z } from 'zod';
import { type Call, type Command } from '../command';
import { UsageError } from '../exit-codes';

export const peopleCommands: readonly Command[] = [
  { name: 'people', says: 'List the people', run: list },
  { name: 'invite', says: "Make a person's one-time link to Telegram", args: ['HANDLE'], run: invite },
  {
    name: 'token create',
    says: 'Make an API token; it is shown this once',
    args: ['NAME'],
    options: {
      scope: {
        value: 'SCOPE',
        multiple: true,
        says: 'admin, read, library:import, kpi:PRODUCT, alerts:SOURCE or tasks:TASK',
      },
    },
    run: createToken,
  },
];

async function list({ api, print }: Call): Promise<void> {
  print.table(
    await api.all<PersonView>('/api/people'),
    {
      HANDLE: ({ handle }) => handle,
      NAME: ({ name, active }) => (active ? name : `${name} (inactive)`),
      ROLES: ({ roles }) => roles.join(', '),
      TELEGRAM: ({ telegram }) => (telegram.linked ? 'linked' : (telegram.lost ?? 'not linked')),
      OWNS: ({ owns }) => owns,
    },
    'There are no people yet.',
  );
}

async function invite({ api, print, args }: Call): Promise<void> {
  const path = `/api/people/${encodeURIComponent(args[0]!)}/invite`;
  const invitation = await api.post<z.output<typeof invitationView>>(path);
  print.result(invitation, ({ url, expiresAt }) => {
    print.line(url);
    print.line(`It works once, until ${expiresAt}.`);
  });
}

async function createToken({ api, print, args, texts }: Call): Promise<void> {
  const scopes = texts('scope');
  if (scopes.length === 0) throw new UsageError('give at least one --scope');
  const made = await api.post<z.output<typeof tokenView>>('/api/tokens', { name: args[0], scopes });
  print.result(made, ({ token }) => print.line(token));
}
