import { Button, Code, Container, Stack, Text, Title } from '@mantine/core';
import { useRouteError } from 'react-router';

/** A defect of the console, or a part of it that could not be fetched because a newer version is served by now. */
export function BrokenPage() {
  const error = useRouteError();
  return (
    <Container size="sm" py="xl">
      <Stack align="flex-start">
        <Title order={1}>This page broke</Title>
        <Text>Load it again: the console may have been updated meanwhile. Nothing that you changed is lost.</Text>
        <Code block>{error instanceof Error ? error.message : String(error)}</Code>
        <Button onClick={() => window.location.reload()}>Load it again</Button>
      </Stack>
    </Container>
  );
}
