import { Anchor, Badge, Table, Title } from '@mantine/core';
import { Link } from 'react-router';
import { type Schema } from '../api/client';
import { reasonText } from '../processes/review-list';
import { day } from '../shell/moment';

type Item = Schema<'RoundReport'>['items'][number];

const ANSWERS: Readonly<Record<string, string>> = {
  correct: 'it is correct',
  'needs-update': 'needs an update',
  'not-mine': 'not mine',
  later: 'later',
};

/** Every review of the round, as it stands in the auditor's report. */
export function RoundItems({ items }: { readonly items: readonly Item[] }) {
  return (
    <section aria-label="Every review">
      <Title order={2} size="h4" mb="xs">
        Every review
      </Title>
      <Table.ScrollContainer minWidth={820}>
        <Table verticalSpacing={4} fz="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Process</Table.Th>
              <Table.Th>Owner</Table.Th>
              <Table.Th>Asked</Table.Th>
              <Table.Th>Reminders</Table.Th>
              <Table.Th>Answer</Table.Th>
              <Table.Th>Record looked at</Table.Th>
              <Table.Th>Now</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map((item, index) => (
              <Line key={index} item={item} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </section>
  );
}

function Line({ item }: { readonly item: Item }) {
  const {
    processId,
    name,
    owner,
    askedAt,
    reason,
    reminders,
    answer,
    answeredBy,
    answeredAt,
    recordOpened,
    late,
    status,
  } = item;
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component={Link} to={`/processes/${processId}`} size="sm">
          {name}
        </Anchor>
      </Table.Td>
      <Table.Td>{owner ?? 'nobody'}</Table.Td>
      <Table.Td>
        {day(askedAt)}, {reasonText(reason)}
      </Table.Td>
      <Table.Td>{reminders || '–'}</Table.Td>
      <Table.Td>
        {answer === null
          ? 'none yet'
          : `${ANSWERS[answer] ?? answer}, ${answeredBy ?? ''} ${answeredAt === null ? '' : day(answeredAt)}`}
      </Table.Td>
      <Table.Td>{recordOpened === null ? '–' : recordOpened ? 'yes' : 'no'}</Table.Td>
      <Table.Td>
        <Badge variant="light" color={late ? 'red' : status === 'certified' ? 'teal' : 'gray'}>
          {late ? 'late' : status}
        </Badge>
      </Table.Td>
    </Table.Tr>
  );
}
