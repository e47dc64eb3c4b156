import { Alert, Button, Group, Modal, Progress, Stack, Text } from '@mantine/core';
import { randomId, useMediaQuery } from '@mantine/hooks';
import { IconAlertTriangle } from '@tabler/icons-react';
import { type ReactNode } from 'react';
import { useImportProgress, type ImportProgress } from '../api/live';
import { LibraryRefused, type ImportOrder, type useImport } from './import-library';
import { ImportReport } from './import-report';
import { PlaceList } from './place-list';

interface Props {
  readonly opened: boolean;
  readonly close: () => void;
  readonly order: ImportOrder;
  readonly importing: ReturnType<typeof useImport>;
}

/** How an import goes and what came of it; after a preview it can be done in earnest. */
export function ImportDialog({ opened, close, order, importing }: Props) {
  const isNarrow = useMediaQuery('(max-width: 600px)', false, { getInitialValueInEffect: false });
  const { data, error, isPending, mutate } = importing;
  return (
    <Modal opened={opened} onClose={close} title={titleOf(order)} size="xl" fullScreen={isNarrow}>
      <Stack>
        {isPending && <Going watch={importing.variables.watch} />}
        {!isPending && error !== null && <Refusal error={error} />}
        {!isPending && data !== undefined && <ImportReport report={data} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Close
          </Button>
          {!isPending && error !== null && (
            <Button onClick={() => mutate({ ...importing.variables, watch: randomId() })}>Try again</Button>
          )}
          {!isPending && data?.dryRun === true && (
            <Button onClick={() => mutate({ order, dryRun: false, watch: randomId() })}>Import</Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}

function titleOf({ source, text }: ImportOrder): ReactNode {
  if (text !== undefined) return 'Import of a text';
  if (source === undefined) return 'Import of all sources';
  return <span style={{ overflowWrap: 'anywhere' }}>Import of {source}</span>;
}

const STEPS: Readonly<Record<ImportProgress['step'], string>> = {
  reading: 'The library is read. A large repository takes a moment.',
  waiting: 'Another import or edit is under way. This one goes on when it is done.',
  comparing: 'The library is compared with what is here.',
  writing: 'What is new is written.',
};

function Going({ watch }: { readonly watch: string }) {
  const { step, done, of } = useImportProgress(watch) ?? { step: 'reading', done: 0, of: 0 };
  const hasNumber = of > 1;
  return (
    <Stack gap="xs" role="status">
      <Text size="sm">
        {STEPS[step]}
        {hasNumber && ` ${done.toLocaleString('en')} of ${of.toLocaleString('en')}`}
      </Text>
      <Progress value={hasNumber ? (100 * done) / of : 100} animated aria-label="Importing" />
    </Stack>
  );
}

function Refusal({ error }: { readonly error: Error }) {
  const mistakes = error instanceof LibraryRefused ? error.mistakes : [];
  return (
    <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title="Nothing was imported" role="alert">
      {mistakes.length === 0 ? (
        error.message
      ) : (
        <Stack gap="xs">
          <Text size="sm">Mend this in the library, and try again. What is here stays as it was.</Text>
          <PlaceList places={mistakes} />
        </Stack>
      )}
    </Alert>
  );
}
