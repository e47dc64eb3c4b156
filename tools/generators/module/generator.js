'use strict';
const { join } = require('node:path');
const { formatFiles, generateFiles, names, updateJson } = require('@nx/devkit');

const EVENTS = 'libs/contracts/src/events';

/**
 * A service that hears `process.certified` and says an event of its own, with its test: a beginning, every file of which is
 * meant to be changed.
 */
module.exports = async function generateModule(tree, { name }) {
  const folder = `apps/${name}`;
  if (tree.exists(folder)) throw new Error(`${folder} is there already: give another name.`);
  const words = { ...wordsOf(name), timestamp: Date.now() };
  generateFiles(tree, join(__dirname, 'files/app'), folder, words);
  generateFiles(tree, join(__dirname, 'files/contract'), EVENTS, words);
  declareEvent(tree, words);
  addToWorkspace(tree, name);
  addToStandalone(tree, words);
  addToDeployment(tree, words);
  await formatFiles(tree);
  return () => console.log(nextSteps(name));
};

/** @returns e.g. of `late-invoices`: LateInvoices, lateInvoices, LATE_INVOICES, and the event `lateinvoices.counted` */
function wordsOf(name) {
  const { className, propertyName, constantName } = names(name);
  const subject = `${name.replaceAll('-', '')}.counted`;
  return { name, className, propertyName, constantName, eventName: `${className}Counted`, subject };
}

function declareEvent(tree, { name, propertyName, eventName }) {
  edit(tree, 'libs/contracts/src/event.ts', [[/(serviceNames = \[[^\]]*)\] as const/, `$1, '${name}'] as const`]]);
  edit(tree, `${EVENTS}/process.events.ts`, [
    [/(subject: 'process\.certified',[\s\S]*?consumers: \[[^\]]*)\]/, `$1, '${name}']`],
  ]);
  edit(tree, `${EVENTS}/index.ts`, [
    [
      /(import \{ type EventContract \} from '\.\.\/event';\n)/,
      `$1import * as ${propertyName} from './${name}.events';\n`,
    ],
    [/(\nexport \* from '\.\/alert\.events';)/, `\nexport * from './${name}.events';$1`],
    [/(\n\];\s*)$/, `\n  ${propertyName}.${eventName},$1`],
  ]);
}

function addToWorkspace(tree, name) {
  updateJson(tree, 'tsconfig.json', (json) => {
    json.references.push({ path: `apps/${name}` });
    return json;
  });
}

/** So that `npm start` runs it, too. */
function addToStandalone(tree, { name, className, propertyName }) {
  edit(tree, 'apps/standalone/src/standalone-process.ts', [
    [/^/, `import { ${className}Module, ${propertyName}Config } from '@recert/${name}';\n`],
    [/(\n {2}\],\n\};)/, `\n    ${className}Module.forRoot(${propertyName}Config.parse(environment)),$1`],
  ]);
  updateJson(tree, 'apps/standalone/package.json', (json) => {
    json.dependencies[`@recert/${name}`] = 'workspace:*';
    return json;
  });
  updateJson(tree, 'apps/standalone/tsconfig.json', (json) => {
    json.references.push({ path: `../${name}` });
    return json;
  });
}

/** An image, a container, a role of PostgreSQL, a user of NATS, and what `deploy.sh` may put in place. */
function addToDeployment(tree, { name, constantName }) {
  const password = (what) => `${constantName}_${what}_PASSWORD`;
  const wanted = (what) => `      ${password(what)}: '\${${password(what)}:?run \`recert init\` first}'\n`;
  edit(tree, 'deploy/Dockerfile', [[/(FROM plain AS base-cli\n)/, `FROM plain AS base-${name}\n$1`]]);
  edit(tree, 'docker-compose.yml', [
    [/( {6}ALERT_RELAY_DB_PASSWORD: .*\n)/, `$1${wanted('DB')}`],
    [/( {6}ALERT_RELAY_NATS_PASSWORD: .*\n)/, `$1${wanted('NATS')}`],
    [/(\n {2}console:\n)/, `\n${containerOf(name, constantName)}$1`],
  ]);
  edit(tree, 'deploy/postgres/create-roles.sh', [[/$/, `role ${name} "$${password('DB')}"\n`]]);
  for (const file of ['deploy/deploy.sh', 'deploy/droplet/recert-deploy'])
    edit(tree, file, [[/(services='[^']*) console'/, `$1 ${name} console'`]]);
}

function containerOf(name, constantName) {
  return `  ${name}:
    <<: *service
    image: '\${RECERT_IMAGES:-recert}-${name}:\${${constantName}_VERSION:-local}'
    build: { context: ., dockerfile: deploy/Dockerfile, target: app, args: { APP: ${name} } }
    environment:
      <<: *environment
      NODE_OPTIONS: --max-old-space-size=40
      SENTRY_RELEASE: 'recert-${name}@\${${constantName}_VERSION:-local}'
      DATABASE_URL: 'postgres://${name}:\${${constantName}_DB_PASSWORD}@postgres:5432/recert'
      BUS_URL: 'nats://${name}:\${${constantName}_NATS_PASSWORD}@nats:4222'
    mem_limit: 72m
`;
}

/** @param changes pairs of a pattern and what takes its place; each must be found */
function edit(tree, file, changes) {
  let text = tree.read(file, 'utf8');
  for (const [pattern, by] of changes) {
    if (!pattern.test(text)) throw new Error(`${file} is not as expected: ${pattern} is not there.`);
    // A dollar sign of what takes its place stands for itself, unless it names the first group.
    text = text.replace(pattern, (_, first) => by.replaceAll('$1', () => first));
  }
  tree.write(file, text);
}

function nextSteps(name) {
  return `
The service ${name} is in apps/${name}, and its event in libs/contracts/src/events/${name}.events.ts. Now:

  pnpm install
  npm run build
  node tools/generate-events-doc.mjs && node tools/generate-asyncapi.mjs
  npx jest --selectProjects integration -- apps/${name}

\`npm start\` runs it with all the others; \`node apps/${name}/dist/main.js\` alone, with DATABASE_URL and BUS_URL.

It is in docker-compose.yml, too. Let NATS know it: \`node tools/generate-nats-conf.mjs\`. An installation that is there
already needs its two passwords in .env, and then its role: see deploy/postgres/create-roles.sh. What all containers may take
together is to stay below what the machine has.
`;
}
