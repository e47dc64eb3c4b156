import { Button, Group, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback, useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useFilters, type Status } from './filters';
import { useSummary } from './process-queries';

const SHOWN = [
  { value: 'status:due', label: 'Due' },
  { value: 'status:overdue', label: 'Overdue' },
  { value: 'status:updating', label: 'Being updated' },
  { value: 'status:certified', label: 'Certified' },
  { value: 'status:uncertified', label: 'Never certified' },
  { value: 'documented:false', label: 'Undocumented' },
  { value: 'owned:false', label: 'Without an owner' },
  { value: 'status:retired', label: 'Retired' },
];

/** Search and filters, which stand in the address: a list that was found can be sent to somebody. */
export function FilterBar() {
  const [filters, change] = useFilters();
  const { data: summary } = useSummary();
  const shown = filters.status
    ? `status:${filters.status}`
    : filters.documented
      ? `documented:${filters.documented}`
      : filters.owned
        ? `owned:${filters.owned}`
        : null;
  const isFiltered = Object.keys(filters).some((name) => name !== 'sort' && name !== 'order');
  return (
    <Group gap="xs" wrap="wrap" role="search">
      <Search />
      <Select
        aria-label="Show"
        placeholder="All"
        data={SHOWN}
        value={shown}
        clearable
        w={170}
        onChange={(choice) => {
          const [name, value] = choice?.split(':') ?? [];
          change({ status: null, documented: null, owned: null, ...(name ? { [name]: value as Status } : {}) });
        }}
      />
      <Select
        aria-label="Owner"
        placeholder="Owner"
        data={summary?.owners ?? []}
        value={filters.owner ?? null}
        searchable
        clearable
        w={150}
        onChange={(owner) => change({ owner })}
      />
      <Select
        aria-label="Section"
        placeholder="Section"
        data={summary?.sections ?? []}
        value={filters.section ?? null}
        searchable
        clearable
        w={200}
        onChange={(section) => change({ section })}
      />
      {isFiltered && (
        <Button
          variant="subtle"
          onClick={() =>
            change({ q: null, status: null, owner: null, section: null, product: null, documented: null, owned: null })
          }
        >
          Show all
        </Button>
      )}
    </Group>
  );
}

function Search() {
  const [filters, change] = useFilters();
  const [text, setText] = useState(filters.q ?? '');
  const field = useRef<HTMLInputElement>(null);
  const search = useDebouncedCallback((q: string) => change({ q }), 200);
  useHotkeys([['/', () => field.current?.focus()]]);
  const { q } = filters;
  // The address can change by other means, such as "show all" or the way back.
  useEffect(() => {
    if (document.activeElement !== field.current) setText(q ?? '');
  }, [q]);
  return (
    <TextInput
      ref={field}
      aria-label="Search"
      placeholder="Search ( / )"
      leftSection={<IconSearch size={16} aria-hidden />}
      value={text}
      onChange={({ currentTarget: { value } }) => {
        setText(value);
        search(value);
      }}
      style={{ flexGrow: 1, minWidth: 180, maxWidth: 360 }}
    />
  );
}
