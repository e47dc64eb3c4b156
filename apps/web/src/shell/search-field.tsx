import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';

const PAUSE_MS = 300;

interface Props {
  readonly placeholder: string;
  /** What stands in the address when the page is opened. */
  readonly text: string | undefined;
  /** Called when somebody has stopped typing for a moment. */
  readonly search: (text: string) => void;
}

/** What is typed narrows the list a moment later. */
export function SearchField({ placeholder, text: given, search }: Props) {
  const [text, setText] = useState(given ?? '');
  const later = useDebouncedCallback((value: string) => search(value.trim()), PAUSE_MS);
  return (
    <TextInput
      aria-label="Search"
      placeholder={placeholder}
      leftSection={<IconSearch size={16} aria-hidden />}
      value={text}
      w={240}
      onChange={({ currentTarget: { value } }) => {
        setText(value);
        later(value);
      }}
    />
  );
}
