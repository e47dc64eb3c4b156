import { Anchor, Badge, Group, Paper, SimpleGrid, Stack, Table, Text, VisuallyHidden } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { Link } from 'react-router';
import { isAtLeast, useMe } from '../shell/session';
import { type Person } from './people-queries';
import { PersonActions, type Begin } from './person-actions';
import { rolesText } from './role-text';
import { TelegramLink } from './telegram-link';

interface Props {
  readonly people: readonly Person[];
  readonly begin: Begin;
}

/** A table, or cards where it would not fit. */
export function PeopleList(props: Props) {
  const isWide = useMediaQuery('(min-width: 1000px)', true, { getInitialValueInEffect: false });
  return isWide ? <PeopleTable {...props} /> : <PeopleCards {...props} />;
}

function PeopleTable({ people, begin }: Props) {
  const isAdmin = isAtLeast(useMe(), 'admin');
  return (
    <Table verticalSpacing="xs" aria-label="People">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Name</Table.Th>
          <Table.Th>Handle</Table.Th>
          <Table.Th>Roles</Table.Th>
          <Table.Th>Telegram</Table.Th>
          <Table.Th>Owns</Table.Th>
          <Table.Th>Active</Table.Th>
          {isAdmin && (
            <Table.Th>
              <VisuallyHidden>What can be done</VisuallyHidden>
            </Table.Th>
          )}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {people.map((person) => (
          <Table.Tr key={person.handle}>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>{person.name}</Table.Td>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>{person.handle}</Table.Td>
            <Table.Td>{rolesText(person.roles)}</Table.Td>
            <Table.Td>
              <TelegramLink telegram={person.telegram} />
            </Table.Td>
            <Table.Td>
              <Owns person={person} />
            </Table.Td>
            <Table.Td>{person.active ? 'yes' : <Deactivated />}</Table.Td>
            {isAdmin && (
              <Table.Td>
                <PersonActions person={person} begin={begin} />
              </Table.Td>
            )}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function PeopleCards({ people, begin }: Props) {
  const isAdmin = isAtLeast(useMe(), 'admin');
  return (
    <SimpleGrid component="ul" cols={{ base: 1, sm: 2 }} spacing="sm" m={0} p={0} style={{ listStyle: 'none' }}>
      {people.map((person) => (
        <Paper component="li" withBorder p="sm" radius="md" key={person.handle}>
          <Stack gap={4}>
            <Group gap="xs" justify="space-between" wrap="nowrap">
              <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
                {person.name}
              </Text>
              {!person.active && <Deactivated />}
            </Group>
            <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
              {person.handle} · {rolesText(person.roles)}
            </Text>
            <Group gap="xs" align="flex-start">
              <Text size="sm">Telegram:</Text>
              <TelegramLink telegram={person.telegram} />
            </Group>
            <Group justify="space-between" wrap="nowrap">
              <Text size="sm" component="div">
                Owns <Owns person={person} />
              </Text>
              {isAdmin && <PersonActions person={person} begin={begin} />}
            </Group>
          </Stack>
        </Paper>
      ))}
    </SimpleGrid>
  );
}

function Deactivated() {
  return (
    <Badge color="gray" variant="light">
      deactivated
    </Badge>
  );
}

function Owns({ person: { handle, name, owns } }: { readonly person: Person }) {
  if (owns === 0)
    return (
      <Text span size="sm" c="dimmed">
        nothing
      </Text>
    );
  return (
    <Anchor
      component={Link}
      to={`/processes?owner=${encodeURIComponent(handle)}`}
      size="sm"
      aria-label={`What ${name} owns: ${owns}`}
    >
      {owns}
    </Anchor>
  );
}
