import { natsPermissions, type Permissions } from './nats-permissions';

const HEAD = `# Written by \`node tools/generate-nats-conf.mjs\` from the contracts and the handlers. Do not edit.
# The passwords come from the environment, each beginning with a letter: NATS would take digits for a number.

listen: 0.0.0.0:4222
# For whoever is on this host already: health and figures, without a password.
http: 127.0.0.1:8222
server_name: recert

max_payload: 1MB
max_connections: 200

jetstream {
  store_dir: /data
  max_memory_store: 0
  max_file_store: 2GB
  # What is acknowledged is on the disk: an outbox forgets it then.
  sync_interval: always
}
`;

/** deploy/nats/recert.conf. */
export async function natsConfText(): Promise<string> {
  const users = (await natsPermissions()).map(userOf).join('\n');
  return `${HEAD}\nauthorization {\n  users = [\n${users}\n  ]\n}\n`;
}

function userOf({ user, publish, subscribe }: Permissions): string {
  const password = `$${user.toUpperCase().replaceAll('-', '_')}_NATS_PASSWORD`;
  return [
    '    {',
    `      user: ${user}`,
    `      password: ${password}`,
    '      permissions: {',
    `        publish: { allow: ${listOf(publish)} }`,
    `        subscribe: { allow: ${listOf(subscribe)} }`,
    '      }',
    '    }',
  ].join('\n');
}

function listOf(subjects: readonly string[]): string {
  return `[\n${subjects.map((subject) => `          "${subject}"`).join('\n')}\n        ]`;
}
