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

/** @param changes pairs of a pattern and what takes its place; each must be found */
function edit(tree, file, changes) {
  let text = tree.read(file, 'utf8');
  for (const [pattern, by] of changes) {
    if (!pattern.test(text)) throw new Error(`${file} is not as expected: ${pattern} is not there.`);
    text = text.replace(pattern, by);
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
`;
}
