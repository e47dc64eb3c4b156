import { Alert, Anchor, Code, Container, List, Loader, Paper, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { Link, useNavigate } from 'react-router';
import { answerOf, api } from '../api/client';

/** A one-time link ends here: its code stands behind the #, which no server and no log ever sees. */
export function Component() {
  const code = useRef(window.location.hash.slice(1));
  const login = useLogin();
  const { mutate } = login;
  useEffect(() => {
    if (code.current === '') return;
    const given = code.current;
    // It works once: it neither stays in the address nor is sent twice.
    code.current = '';
    window.history.replaceState(null, '', '/login');
    mutate(given);
  }, [mutate]);

  return (
    <Container size="xs" py="xl" component="main">
      <Paper withBorder p="xl" radius="md">
        <Stack>
          <Title order={1}>Recert</Title>
          {login.isPending && <Loader aria-label="Logging in" />}
          {login.isError && (
            <Alert color="red" title="This link does not work" role="alert">
              {login.error.message}
            </Alert>
          )}
          {!login.isPending && <HowToLogIn />}
        </Stack>
      </Paper>
    </Container>
  );
}

function useLogin() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (given: string) => answerOf(api.POST('/api/session', { body: { code: given } })),
    onSuccess: async () => {
      await queries.resetQueries();
      await navigate('/', { replace: true });
    },
  });
}

function HowToLogIn() {
  return (
    <>
      <Text>There is no password. You log in by a link that works once:</Text>
      <List spacing="xs">
        <List.Item>
          Send <Code>/login</Code> to the bot in Telegram: it answers with a link that is good for five minutes.
        </List.Item>
        <List.Item>
          Not linked with the bot yet? Ask an admin for an invitation: the bot gives you the first link with it.
        </List.Item>
        <List.Item>Whoever starts Recert finds a link for the first admin in its output.</List.Item>
      </List>
      <Anchor component={Link} to="/">
        I am logged in already
      </Anchor>
    </>
  );
}
