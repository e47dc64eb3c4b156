import { Fieldset, MultiSelect, Select, Stack, TextInput } from '@mantine/core';
import { usePeople } from '../people/people-queries';

/** A product as it is written into the form: an empty text is nothing. */
export interface ProductDraft {
  readonly name: string;
  readonly owner: string;
  readonly admins: readonly string[];
  readonly url: string;
  readonly repository: string;
  readonly sentryProject: string;
  readonly timezone: string;
  readonly dueBy: string;
}

interface Props {
  readonly draft: ProductDraft;
  readonly change: (changes: Partial<ProductDraft>) => void;
  /** By field of the API, what is wrong with it. */
  readonly problems: Readonly<Record<string, string>>;
}

const TEXTS = [
  { field: 'url', label: 'Address', description: 'Where people use it, such as https://shop.example.org.' },
  { field: 'repository', label: 'Repository', description: 'Where its code is.' },
  {
    field: 'sentryProject',
    label: 'Project in Sentry',
    description: 'Its slug: alerts of it are alerts of this product.',
  },
] as const;

/** Who stands behind a product, where it is, and when its week is due. */
export function ProductForm({ draft, change, problems }: Props) {
  const people = usePeople();
  const handles = (people.data ?? [])
    .filter(({ active }) => active)
    .map(({ handle, name }) => ({ value: handle, label: `${handle} (${name})` }));
  return (
    <Stack gap="sm">
      <TextInput
        label="Name"
        required
        value={draft.name}
        error={problems['name']}
        onChange={({ currentTarget: { value } }) => change({ name: value })}
      />
      <Select
        label="Owner"
        description="Hears of its KPIs, and owns its processes."
        required
        searchable
        data={handles}
        value={draft.owner || null}
        error={problems['owner']}
        onChange={(owner) => change({ owner: owner ?? '' })}
      />
      <MultiSelect
        label="Admins"
        description="Hear of its alerts; without any, all admins do."
        searchable
        data={handles}
        value={[...draft.admins]}
        error={problemBelow(problems, 'admins')}
        onChange={(admins) => change({ admins })}
      />
      {TEXTS.map(({ field, ...texts }) => (
        <TextInput
          key={field}
          {...texts}
          value={draft[field]}
          error={problems[field]}
          onChange={({ currentTarget: { value } }) => change({ [field]: value })}
        />
      ))}
      <Week draft={draft} change={change} problems={problems} />
    </Stack>
  );
}

function Week({ draft, change, problems }: Props) {
  return (
    <Fieldset legend="Its week">
      <Stack gap="sm">
        <Select
          label="Time zone"
          description="The organisation’s, where none is chosen."
          searchable
          clearable
          limit={50}
          data={zones(draft.timezone)}
          value={draft.timezone || null}
          error={problems['week.timezone']}
          onChange={(timezone) => change({ timezone: timezone ?? '' })}
        />
        <TextInput
          label="Report due by"
          description="A day of the week after, and a time there."
          placeholder="mon 12:00"
          value={draft.dueBy}
          error={problems['week.dueBy'] ?? problems['week']}
          onChange={({ currentTarget: { value } }) => change({ dueBy: value })}
        />
      </Stack>
    </Fieldset>
  );
}

function zones(own: string): string[] {
  const known = Intl.supportedValuesOf('timeZone');
  return own === '' || known.includes(own) ? known : [own, ...known];
}

/** What is wrong with a list, or with one of its items such as `admins.0`. */
function problemBelow(problems: Readonly<Record<string, string>>, field: string): string | undefined {
  return Object.entries(problems).find(([name]) => name === field || name.startsWith(`${field}.`))?.[1];
}
