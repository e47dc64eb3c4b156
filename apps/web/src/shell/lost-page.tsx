import { Anchor, Stack, Text, Title } from '@mantine/core';
import { Link } from 'react-router';

export function Component() {
  return (
    <Stack>
      <Title order={1}>There is no such page</Title>
      <Text>
        <Anchor component={Link} to="/processes">
          All processes
        </Anchor>
      </Text>
    </Stack>
  );
}
