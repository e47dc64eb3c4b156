import { Accordion, Button, Code, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { randomId, useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, api, type Schema } from '../api/client';
import { Fetched } from '../shell/fetched';
import { When } from '../shell/when';
import { ImportDialog } from './import-dialog';
import { useImport, type ImportOrder } from './import-library';
import { ImportText } from './import-text';
import { PlaceList } from './place-list';

type Source = Schema<'LibrarySourceView'>;

/** Begins an import, or only tries it. */
export type Begin = (order: ImportOrder, dryRun: boolean) => void;

/** Where the processes come from, and what came of it the last time. */
export function Library() {
  const [opened, { open, close }] = useDisclosure();
  const [order, setOrder] = useState<ImportOrder>({});
  const importing = useImport();
  const begin: Begin = (wanted, dryRun) => {
    setOrder(wanted);
    open();
    importing.mutate({ order: wanted, dryRun, watch: randomId() });
  };
  return (
    <Stack>
      <Sources begin={begin} />
      <ImportText begin={begin} />
      <ImportDialog opened={opened} close={close} order={order} importing={importing} />
    </Stack>
  );
}

function Sources({ begin }: { readonly begin: Begin }) {
  const sources = useQuery({
    queryKey: ['library', 'sources'],
    queryFn: () => answerOf(api.GET('/api/library/sources')),
  });
  return (
    <Fetched query={sources} height={160}>
      {({ items }) => <Configured sources={items} begin={begin} />}
    </Fetched>
  );
}

function Configured({ sources, begin }: { readonly sources: readonly Source[]; readonly begin: Begin }) {
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={2} size="h4">
          Sources
        </Title>
        {sources.length > 1 && <Buttons source={null} begin={(dryRun) => begin({}, dryRun)} />}
      </Group>
      <Text size="sm">
        {sources.length === 0 ? (
          <>
            No source is configured. Start Recert with <Code>LIBRARY</Code>: the path of a Markdown file or a folder, an
            address, or a git repository. Or import a text below.
          </>
        ) : (
          <>
            As they are configured with <Code>LIBRARY</Code>. They are read at every start and again and again; a
            preview shows what an import would change.
          </>
        )}
      </Text>
      <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: 'none' }}>
        {sources.map((source) => (
          <SourceCard key={source.source} source={source} begin={begin} />
        ))}
      </Stack>
    </Stack>
  );
}

interface CardProps {
  readonly source: Source;
  readonly begin: Begin;
}

function SourceCard({ source: { source, processes, warnings, importedAt }, begin }: CardProps) {
  return (
    <Paper component="li" withBorder p="md" radius="md">
      <Stack gap="sm">
        <Group justify="space-between" gap="sm">
          <Stack gap={2} style={{ overflowWrap: 'anywhere' }}>
            <Text fw={600}>{source}</Text>
            <Text size="sm" c="dimmed" component="div">
              {importedAt === null ? (
                'never imported: a preview says why'
              ) : (
                <>
                  {processes ?? 0} processes · imported <When at={importedAt} c="dimmed" />
                </>
              )}
            </Text>
          </Stack>
          <Buttons source={source} begin={(dryRun) => begin({ source }, dryRun)} />
        </Group>
        {warnings.length > 0 && <Warnings warnings={warnings} />}
      </Stack>
    </Paper>
  );
}

function Warnings({ warnings }: Pick<Source, 'warnings'>) {
  return (
    <Accordion variant="contained" order={3}>
      <Accordion.Item value="warnings">
        <Accordion.Control>
          <Text size="sm">{warnings.length === 1 ? 'One warning' : `${warnings.length} warnings`}</Text>
        </Accordion.Control>
        <Accordion.Panel>
          <PlaceList places={warnings} />
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}

interface ButtonsProps {
  /** One source, or all of them where it is null. */
  readonly source: string | null;
  readonly begin: (dryRun: boolean) => void;
}

function Buttons({ source, begin }: ButtonsProps) {
  const [preview, take] = source === null ? ['Preview all', 'Import all'] : ['Preview import', 'Import'];
  const named = (label: string): string => (source === null ? label : `${label}: ${source}`);
  return (
    <Group gap="xs">
      <Button variant="default" aria-label={named(preview)} onClick={() => begin(true)}>
        {preview}
      </Button>
      <Button aria-label={named(take)} onClick={() => begin(false)}>
        {take}
      </Button>
    </Group>
  );
}
