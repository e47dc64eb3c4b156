// Every package says what it is (`type:`) and where it belongs (`scope:`), or the boundary rules do not see it.
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { compiledPackages, packages, workspace } from './install.mjs';

const read = (file) => readFileSync(join(workspace, file), 'utf8');
const ruled = new Set([...read('eslint.config.mjs').matchAll(/sourceTag: '(type:[a-z0-9-]+)'/g)].map(([, tag]) => tag));
const compiled = new Set(compiledPackages());

function faultsOf(folder) {
  const { name, nx, dependencies = {}, devDependencies = {} } = JSON.parse(read(join(folder, 'package.json')));
  const tags = nx?.tags ?? [];
  const types = tags.filter((tag) => tag.startsWith('type:'));
  const faults = [];
  if (name !== `@recert/${basename(folder)}`) faults.push(`its name is ${name} and not @recert/${basename(folder)}`);
  if (types.length !== 1) faults.push('nx.tags must hold exactly one type:..');
  else if (!ruled.has(types[0])) faults.push(`${types[0]} has no boundary rule in eslint.config.mjs`);
  if (!tags.includes(`scope:${basename(folder)}`)) faults.push(`nx.tags must hold scope:${basename(folder)}`);
  if (!existsSync(join(workspace, folder, 'tsconfig.json'))) return faults;
  // What a bundler builds is checked by itself.
  if (JSON.parse(read(join(folder, 'tsconfig.json'))).compilerOptions.noEmit) return faults;
  if (!compiled.has(folder)) faults.push(`tsconfig.json at the root does not reference ${folder}`);
  const references = JSON.parse(read(join(folder, 'tsconfig.json'))).references ?? [];
  const referenced = new Set(references.map(({ path }) => basename(path)));
  for (const dependency of Object.keys({ ...dependencies, ...devDependencies })) {
    const [scope, other] = dependency.split('/');
    const isCompiled = scope === '@recert' && [...compiled].some((path) => basename(path) === other);
    if (isCompiled && !referenced.has(other)) faults.push(`its tsconfig.json does not reference ${other}`);
  }
  return faults;
}

const faults = packages().flatMap((folder) => faultsOf(folder).map((fault) => `${folder}: ${fault}`));
if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exitCode = 1;
} else {
  console.log(`${packages().length} packages have their tags and references`);
}
