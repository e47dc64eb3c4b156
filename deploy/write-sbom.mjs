// Says which packages a folder has installed, as a CycloneDX 1.6 document: `node deploy/write-sbom.mjs FOLDER`.
// https://cyclonedx.org/docs/1.6/json/
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

const read = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
/** A scope's @ is written as %40: https://github.com/package-url/purl-spec */
const purlOf = ({ name, version }) => `pkg:npm/${name.replace('@', '%40')}@${version}`;

function componentOf({ name, version, license, description }) {
  return {
    type: 'library',
    'bom-ref': purlOf({ name, version }),
    name,
    version,
    ...(typeof description === 'string' ? { description } : {}),
    ...(typeof license === 'string' ? { licenses: [licenseOf(license)] } : {}),
    purl: purlOf({ name, version }),
  };
}

/** An identifier of SPDX has no spaces and brackets: with those it is an expression. */
function licenseOf(license) {
  if (/[\s()]/.test(license)) return { expression: license };
  return /^[\w.+-]+$/.test(license) ? { license: { id: license } } : { license: { name: license } };
}

/** Every package that can be reached from here, each once. */
function collect(folder, found, root) {
  const real = realpathSync(folder);
  if (found.has(real)) return;
  const manifest = read(real);
  found.set(real, manifest);
  for (const name of Object.keys({
    ...manifest.dependencies,
    ...manifest.optionalDependencies,
    ...manifest.peerDependencies,
  })) {
    const place = placeOf(real, name, root);
    if (place !== null) collect(place, found, root);
  }
}

/** As Node looks for it: in the folder's own node_modules, then in those above it. */
function placeOf(from, name, root) {
  for (let at = from; at.length > 1 && at.startsWith(root); at = join(at, '..')) {
    const place = join(at, 'node_modules', name);
    if (existsSync(join(place, 'package.json'))) return place;
  }
  return null;
}

const folder = realpathSync(process.argv[2]);
const found = new Map();
// Packages of a workspace are linked to a folder above.
const root = existsSync(join(folder, 'node_modules', '.pnpm')) ? folder : realpathSync(join(folder, '..', '..'));
collect(folder, found, root);
const [main, ...packages] = [...found.values()];
const components = new Map(packages.map((each) => [purlOf(each), componentOf(each)]));
if (readdirSync(folder).length === 0 || components.size === 0) throw new Error(`Nothing is installed in ${folder}.`);
const document = {
  $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  version: 1,
  metadata: { component: { ...componentOf(main), type: 'application' } },
  components: [...components.values()].sort((a, b) => (a.purl < b.purl ? -1 : 1)),
};
console.log(JSON.stringify(document, null, 2));
