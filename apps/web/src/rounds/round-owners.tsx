import { Anchor, Table, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import { type Schema } from '../api/client';
import { hoursText, TallyBar } from './round-figures';

/** Owner by owner, those with the most late ones first. */
export function RoundOwners({ owners }: { readonly owners: Schema<'RoundReport'>['owners'] }) {
  return (
    <section aria-label="By owner">
      <Title order={2} size="h4" mb="xs">
        By owner
      </Title>
      <Table.ScrollContainer minWidth={560}>
        <Table verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Owner</Table.Th>
              <Table.Th>Asked</Table.Th>
              <Table.Th w="40%">How far</Table.Th>
              <Table.Th>Late</Table.Th>
              <Table.Th>Stamped</Table.Th>
              <Table.Th>Answers within</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {owners.map((tally) => (
              <Table.Tr key={tally.owner ?? ''}>
                <Table.Td>
                  {tally.owner === null ? (
                    'nobody'
                  ) : (
                    <Anchor component={Link} to={`/processes?owner=${encodeURIComponent(tally.owner)}`}>
                      {tally.owner}
                    </Anchor>
                  )}
                </Table.Td>
                <Table.Td>{tally.asked}</Table.Td>
                <Table.Td>
                  <TallyBar tally={tally} label={tally.owner ?? 'nobody'} />
                </Table.Td>
                <Table.Td>
                  {tally.late > 0 ? <Text c="var(--mantine-color-red-text)">{tally.late}</Text> : '–'}
                </Table.Td>
                <Table.Td>{tally.stamped || '–'}</Table.Td>
                <Table.Td>{tally.medianAnswerHours === null ? '–' : hoursText(tally.medianAnswerHours)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </section>
  );
}
