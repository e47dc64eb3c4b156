import { Accordion, Alert, Anchor, Badge, Group, List, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import { type Schema } from '../api/client';
import { groupsOf, sentenceOf, type ImportGroup, type ImportLine } from './import-groups';

/** Groups of up to so many lines are open from the start. */
const FEW = 10;

/** What an import changed, or would change. */
export function ImportReport({ report }: { readonly report: Schema<'ImportReport'> }) {
  const groups = groupsOf(report);
  const opened = groups.filter(({ lines, isBad }) => isBad || lines.length <= FEW).map(({ id }) => id);
  return (
    <Stack gap="sm">
      <Alert
        color={report.dryRun ? 'blue' : 'teal'}
        title={report.dryRun ? 'Only a preview' : 'Imported'}
        role="status"
      >
        {sentenceOf(report)}
        {report.dryRun && ' Nothing is changed yet.'}
      </Alert>
      <Accordion multiple defaultValue={opened} order={3}>
        {groups.map((group) => (
          <ReportGroup key={group.id} group={group} />
        ))}
      </Accordion>
    </Stack>
  );
}

function ReportGroup({ group: { id, title, isBad, lines } }: { readonly group: ImportGroup }) {
  return (
    <Accordion.Item value={id}>
      <Accordion.Control>
        <Group gap="xs">
          <Badge variant="light" color={isBad ? 'orange' : 'gray'}>
            {lines.length}
          </Badge>
          <Text size="sm" fw={600}>
            {title}
          </Text>
        </Group>
      </Accordion.Control>
      <Accordion.Panel>
        <List size="sm" style={{ overflowWrap: 'anywhere' }}>
          {lines.map((line, index) => (
            <List.Item key={index}>
              <ReportLine line={line} />
            </List.Item>
          ))}
        </List>
      </Accordion.Panel>
    </Accordion.Item>
  );
}

function ReportLine({ line: { text, detail, processId } }: { readonly line: ImportLine }) {
  return (
    <>
      {processId === null ? (
        text
      ) : (
        <Anchor component={Link} to={`/processes/${processId}`} size="sm">
          {text}
        </Anchor>
      )}
      {detail !== null && (
        <Text span size="sm" c="dimmed">
          : {detail}
        </Text>
      )}
    </>
  );
}
