import { ActionIcon, Textarea, Tooltip } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useRef } from 'react';

const MONOSPACE = 'var(--mantine-font-family-monospace)';

interface Props {
  readonly label: string;
  readonly text: string;
  /** It is for people, not for a program. */
  readonly isProse?: boolean;
}

/** A text that is needed elsewhere: one press copies it. */
export function CopyField({ label, text, isProse = false }: Props) {
  const field = useRef<HTMLTextAreaElement>(null);
  const { copy, copied, error } = useClipboard();
  const press = (): void => {
    // Where a browser does not let a page copy, which is so without https, it is selected to be copied by hand.
    field.current?.select();
    copy(text);
  };
  const said = copied ? 'Copied' : error === null ? `Copy: ${label}` : 'It is selected: copy it with Ctrl+C';
  return (
    <Textarea
      ref={field}
      label={label}
      value={text}
      readOnly
      autosize
      styles={{ input: { overflowWrap: 'anywhere', ...(isProse ? {} : { fontFamily: MONOSPACE }) } }}
      onFocus={({ currentTarget }) => currentTarget.select()}
      rightSection={
        <Tooltip label={said} withArrow {...(error === null ? {} : { opened: true })}>
          <ActionIcon variant="subtle" aria-label={said} onClick={press}>
            {copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
          </ActionIcon>
        </Tooltip>
      }
    />
  );
}
