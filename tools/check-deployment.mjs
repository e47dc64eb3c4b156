// Whether Compose, NATS and Caddy would take what a droplet gives them: `node tools/check-deployment.mjs`. Takes the built CLI.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isProgram, onPath } from './find-program.mjs';
import { workspace } from './install.mjs';
import { provisionNats } from './provision-nats.mjs';
import { unpackPackage, withTemporaryFolder } from './unpack-package.mjs';

const cachedCaddy = join(workspace, '.cache/caddy');
const natsConf = join(workspace, 'deploy/nats/recert.conf');

/** @returns whether it ended well; what it said is printed where it did not */
function succeeds(program, args, env = {}) {
  const result = spawnSync(program, args, { cwd: workspace, encoding: 'utf8', env: { ...process.env, ...env } });
  const said = `${result.stdout}${result.stderr}`;
  if (result.status !== 0) console.error(said || String(result.error));
  return { ok: result.status === 0, said };
}

/** Throws where there is no Compose, so that the composition goes unchecked. */
export function findCompose() {
  if (spawnSync('docker', ['compose', 'version'], { stdio: 'ignore' }).status === 0) return;
  throw new Error(
    'There is no `docker compose`, so docker-compose.yml goes unchecked: https://docs.docker.com/compose/install',
  );
}

/** docker-compose.yml with the .env that `recert init` writes. A variable that is in neither is a mistake, too. */
export function checkCompose() {
  return withTemporaryFolder((folder) => {
    const answers = ['--url', 'https://recert.example.org', '--telegram-token', 'none', '--library', 'none'];
    const init = ['apps/cli/dist/main.js', 'init', '--dir', folder, ...answers, '--timezone', 'Europe/Berlin'];
    if (!succeeds(process.execPath, init).ok) return false;
    const { ok, said } = succeeds('docker', ['compose', '--env-file', join(folder, '.env'), 'config', '--quiet']);
    if (said.includes('variable is not set')) console.error(said);
    return ok && !said.includes('variable is not set');
  });
}

/** The users of NATS with passwords for them. */
export async function checkNatsConf() {
  const nats = await provisionNats();
  const text = readFileSync(natsConf, 'utf8');
  const passwords = Object.fromEntries([...text.matchAll(/\$(\w+_PASSWORD)/g)].map(([, name]) => [name, 'secret']));
  const [, minor] = /v2\.(\d+)/.exec(spawnSync(nats, ['--version'], { encoding: 'utf8' }).stdout) ?? [];
  if (minor === undefined || Number(minor) >= 10) return succeeds(nats, ['-t', '-c', natsConf], passwords).ok;
  console.log(
    `This nats-server is 2.${minor} and does not know sync_interval, as 2.10 does: all but that line is checked.`,
  );
  return withTemporaryFolder((folder) => {
    const file = join(folder, 'recert.conf');
    writeFileSync(file, text.replace(/^ *sync_interval:.*\n/m, ''));
    return succeeds(nats, ['-t', '-c', file], passwords).ok;
  });
}

/** Returns the path of a caddy, or throws one error that says how to get it. */
export async function provisionCaddy() {
  const present = onPath(['caddy']) ?? [cachedCaddy].find(isProgram);
  if (present !== undefined) return present;
  try {
    console.log("caddy: taking it from the system's packages");
    return await unpackPackage('caddy', 'usr/bin/caddy', cachedCaddy);
  } catch (error) {
    throw new Error(
      `There is no caddy, so the Caddyfile goes unchecked: https://caddyserver.com/docs/install (${error.message})`,
      { cause: error },
    );
  }
}

/** The Caddyfile as it is for an address with TLS, and behind another proxy. */
export async function checkCaddyfile() {
  const caddy = await provisionCaddy();
  return withTemporaryFolder((folder) =>
    ['https://recert.example.org', ':80'].every((address) => {
      const env = { SITE_ADDRESS: address, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
      return succeeds(caddy, ['validate', '--adapter', 'caddyfile', '--config', 'deploy/caddy/Caddyfile'], env).ok;
    }),
  );
}

/** Throws where there is no hadolint: no package of Debian or of npm brings it. */
export function findHadolint() {
  if (onPath(['hadolint']) !== undefined) return;
  throw new Error(
    'There is no hadolint, so deploy/Dockerfile goes unchecked: https://github.com/hadolint/hadolint/releases',
  );
}

/** What would be no mistake: versions of Debian's packages go away from its mirrors, so none is pinned. */
export function checkDockerfile() {
  return succeeds('hadolint', ['--ignore', 'DL3008', 'deploy/Dockerfile']).ok;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    findCompose();
    const isGood = [await checkCompose(), await checkNatsConf(), await checkCaddyfile()].every(Boolean);
    process.exitCode = isGood ? 0 : 1;
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
