// Which services a deploy has to replace, from what runs on the droplet: `deploy/what-runs.sh | node tools/plan-deploy.mjs`.
// Standard input is what deploy/what-runs.sh says. Prints `services=` and `version=`, in the order in which they are to be
// replaced, also into the file GITHUB_OUTPUT; says why on standard error. Exit status 1 where nothing must be deployed yet.
//   --repository FOLDER         whose commits they are; this one without it
//   --any-configuration         deploys though the droplet has other configuration files than the commit
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureInstalled, workspace } from './install.mjs';

/** The registry makes the stream that all others publish into, and so goes first; the console asks all others, and goes last. */
const ORDER = ['registry', 'scheduler', 'notifier', 'kpi-ingest', 'alert-relay', 'console'];
const ALL_IMAGES = [
  /^(package\.json|pnpm-lock\.yaml|pnpm-workspace\.yaml|tsconfig(\.base)?\.json|\.dockerignore)$/,
  /^deploy\/(Dockerfile|strip-image\.mjs|write-sbom\.mjs)$/,
];
const SERVICES_ALONE = /^deploy\/healthy\.sh$/;
const CONSOLE_ALONE = /^docs\/openapi\.json$/;
/** As .dockerignore has it: no image holds them. */
const TEST = /(\.spec\.tsx?|-spec\.ts)$/;
/** Beyond it, a list of files is longer than a command line may be, and touches everything anyway. */
const MOST_FILES = 1000;

const { values } = parseArgs({
  options: {
    repository: { type: 'string', default: workspace },
    'any-configuration': { type: 'boolean', default: false },
  },
});

function giveUp(message) {
  console.error(`plan-deploy: ${message}`);
  process.exit(1);
}

function git(...args) {
  const { status, stdout } = spawnSync('git', ['-C', values.repository, ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  return { isFine: status === 0, said: stdout.trim() };
}

/** What deploy/what-runs.sh says: a table of services, and the sums of configuration files. */
function readWhatRuns(text) {
  const versions = new Map();
  const sums = new Map();
  for (const line of text.split('\n')) {
    const [, service, version] = /^(\S+)\s+\S+:([\w.-]+)\s/.exec(`${line} `) ?? [];
    if (ORDER.includes(service)) versions.set(service, version);
    const [, sum, file] = /^([0-9a-f]{64}) [ *](\S+)$/.exec(line) ?? [];
    if (file !== undefined) sums.set(file, sum);
  }
  return { versions, sums };
}

/** Apps that these files are part of, as Nx knows them. What lies elsewhere makes Nx do something else, but no image. */
function affectedApps(parts) {
  const files = parts.filter((file) => /^(apps|libs)\//.test(file));
  if (files.length === 0) return [];
  const nx = join(workspace, 'node_modules/.bin/nx');
  const env = {
    ...process.env,
    NX_DAEMON: 'false',
    PATH: `${join(workspace, 'node_modules/.bin')}${delimiter}${process.env.PATH}`,
  };
  const args = ['show', 'projects', '--affected', '--json', `--files=${files.join(',')}`];
  const { status, stdout, stderr } = spawnSync(nx, args, { cwd: workspace, env, encoding: 'utf8' });
  if (status !== 0) giveUp(`Nx cannot say what is affected: ${stderr || stdout}`);
  return JSON.parse(stdout.slice(stdout.indexOf('['))).map((name) => name.replace('@recert/', ''));
}

/** Services whose image these files are part of. */
function affectedServices(files) {
  const parts = files.filter((file) => !TEST.test(file));
  if (parts.length > MOST_FILES || parts.some((file) => ALL_IMAGES.some((each) => each.test(file)))) return ORDER;
  const apps = affectedApps(parts);
  const isOf = (service) =>
    service === 'console'
      ? apps.includes('web') || parts.some((file) => CONSOLE_ALONE.test(file))
      : apps.includes(service) || parts.some((file) => SERVICES_ALONE.test(file));
  return ORDER.filter(isOf);
}

/** What is to become of the services that run in one version. @returns those to replace, with the reason for people */
function since(version, services, head) {
  const from = git('rev-parse', '--verify', '--quiet', '--end-of-options', `${version}^{commit}`);
  if (!from.isFine) return { replace: services, why: `${version} is no commit that is known here` };
  if (from.said === head) return { replace: [], why: `${version} is what is to run` };
  if (git('merge-base', '--is-ancestor', head, from.said).isFine) return { replace: [], why: `${version} is newer` };
  const diff = git('diff', '--name-only', '--no-renames', '-z', from.said, head);
  if (!diff.isFine) giveUp(`the changes since ${version} cannot be read`);
  const affected = affectedServices(diff.said.split('\0').filter(Boolean));
  return { replace: services.filter((service) => affected.includes(service)), why: `compared with ${version}` };
}

/** Files that the droplet has beside the images, and that are not those of the commit. */
function otherConfiguration(sums, head) {
  const configuration = [
    'docker-compose.yml',
    'deploy/caddy',
    'deploy/nats',
    'deploy/postgres',
    'deploy/droplet/recert-deploy',
  ];
  const files = git('ls-tree', '-r', '-z', '--name-only', head, '--', ...configuration)
    .said.split('\0')
    .filter(Boolean);
  return files.filter((file) => {
    const { stdout } = spawnSync('git', ['-C', values.repository, 'show', `${head}:${file}`], { maxBuffer: 2 ** 28 });
    return sums.get(file) !== createHash('sha256').update(stdout).digest('hex');
  });
}

function plan(text) {
  const { versions, sums } = readWhatRuns(text);
  if (versions.size === 0)
    giveUp('nothing of Recert runs there yet: the first deploy is by hand, see docs/operations.md');
  const head = git('rev-parse', 'HEAD').said;
  const missing = ORDER.filter((service) => !versions.has(service));
  const replace = new Set(missing);
  if (missing.length > 0) console.error(`replace ${missing.join(' ')}: does not run`);
  for (const version of new Set(versions.values())) {
    const services = [...versions.keys()].filter((service) => versions.get(service) === version);
    const { replace: affected, why } = since(version, services, head);
    for (const service of services) {
      console.error(`${affected.includes(service) ? 'replace' : 'leave  '} ${service}: ${why}`);
      if (affected.includes(service)) replace.add(service);
    }
  }
  const others = otherConfiguration(sums, head);
  if (others.length > 0) {
    const message = `the droplet has other configuration than this commit: ${others.join(', ')}`;
    if (!values['any-configuration'])
      giveUp(`${message}. Bring it there first: docs/operations.md, "From GitHub". Nothing was deployed.`);
    console.error(`${message}; it is deployed all the same`);
  }
  return {
    services: ORDER.filter((service) => replace.has(service)),
    version: git('rev-parse', '--short=12', 'HEAD').said,
  };
}

ensureInstalled();
const { services, version } = plan(readFileSync(0, 'utf8'));
const output = `services=${services.join(' ')}\nversion=${version}\n`;
process.stdout.write(output);
if (process.env.GITHUB_OUTPUT) appendFileSync(process.env.GITHUB_OUTPUT, output);
