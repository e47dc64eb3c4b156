import { Button, FileButton, Group, Stack, Text, Textarea, Title } from '@mantine/core';
import { IconFileText } from '@tabler/icons-react';
import { useState } from 'react';
import { type Begin } from './library';

/** A library that is in no source: pasted, or from a file of this device. */
export function ImportText({ begin }: { readonly begin: Begin }) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const choose = async (file: File | null): Promise<void> => {
    if (file === null) return;
    try {
      setText(await file.text());
      setProblem(null);
    } catch {
      setProblem(`${file.name} cannot be read. Choose a Markdown file of this device.`);
    }
  };
  const isEmpty = text.trim() === '';
  return (
    <Stack gap="sm">
      <Title order={2} size="h4">
        Import a text
      </Title>
      <Text size="sm">
        A heading with an <code>owner:</code> line under it is the record of a process; the list on top gives their
        sections. What was imported as a text is one library of its own: the next text replaces it.
      </Text>
      <Textarea
        label="Markdown"
        placeholder={
          '# Processes\n\n- hiring\n  - [first week](#first-week)\n\n## First week\n\nowner: ada\n\n- Say hello.'
        }
        autosize
        minRows={8}
        maxRows={24}
        value={text}
        error={problem}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        onChange={({ currentTarget: { value } }) => setText(value)}
      />
      <Group justify="space-between">
        <FileButton accept=".md,.markdown,text/markdown,text/plain" onChange={(file) => void choose(file)}>
          {(button) => (
            <Button {...button} variant="default" leftSection={<IconFileText size={16} aria-hidden />}>
              Choose a file
            </Button>
          )}
        </FileButton>
        <Group gap="xs">
          <Button
            variant="default"
            disabled={isEmpty}
            aria-label="Preview import of the text"
            onClick={() => begin({ text }, true)}
          >
            Preview import
          </Button>
          <Button disabled={isEmpty} aria-label="Import the text" onClick={() => begin({ text }, false)}>
            Import
          </Button>
        </Group>
      </Group>
    </Stack>
  );
}
