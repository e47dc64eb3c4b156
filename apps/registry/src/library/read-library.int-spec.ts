import { join } from 'node:path';
import { parsePeriod } from '@recert/recertification';
import { parsed } from './fixtures/parsed';
import { READ_LIMITS, readLibrary } from './read-library';
import { parseSource } from './source-address';

/** What a person would see of a library: each process with its owner, or what it lacks. */
async function library(path: string): Promise<string[]> {
  const source = parseSource(path);
  const { layout, files } = await readLibrary(source, { ...READ_LIMITS, environment: {} });
  const checkPeriod = (text: string): string | null => {
    const period = parsePeriod(text);
    return period.ok ? null : period.reason;
  };
  const { processes, warnings } = parsed(files, { layout, checkPeriod });
  expect(warnings).toEqual([]);
  return processes.map(({ id, documented, owner }) => `${id}: ${documented ? (owner ?? 'unowned') : 'gap'}`);
}

const fixture = (name: string) => library(join(__dirname, 'fixtures', name));

test('A library with sections above its records is read', async () => {
  expect(await fixture('sections-above-records.md')).toEqual([
    'bakery-process-library-this-section: gap',
    'people-hire-and-greet: gap',
    'bakery-open-the-shop: s0042',
    'ovens-clean-ovens: s0043',
    'ovens-continuously-watch-temperatures: s0042',
  ]);
});

test('A library that names no owner is read', async () => {
  expect(await fixture('records-without-owners.md')).toEqual([
    'people-hire-and-greet: gap',
    'onboarding-first-day: unowned',
    'ovens-re-light-ovens: unowned',
    'bread-bake-and-taste: unowned',
  ]);
});

test('A library with headings inside its records is read', async () => {
  expect(await fixture('headings-inside-records.md')).toEqual([
    'bakery-process-library-this-section: gap',
    'ovens-watch-temperatures: gap',
    'bakery-open-the-shop: s0042',
    'lock-the-shop: s0042',
  ]);
});

test('A library in a folder, with a list for all its files, is read', async () => {
  expect(await fixture('folder')).toEqual([
    'ovens-clean-ovens: gap',
    'onboarding-first-day: grace',
    'onboarding-second-day: grace',
    'ovens-light-ovens: ada-lovelace',
  ]);
});

test('The example library is right, and has every process that it should', async () => {
  expect((await library(join(__dirname, '../../../../docs/processes.md'))).sort()).toEqual([
    'company-orchestration-certify-processes: ada',
    'company-orchestration-register-tasks-in-the-orchestration-layer: grace',
    'product-development-align-and-execute: ada',
    'product-development-generate-and-explore-ideas: gap',
    'product-maintenance-continuously-send-kpis: katherine',
    'product-maintenance-continuously-track-product-uptime-and-errors: ada',
    'product-maintenance-deploy-product-releases: grace',
    'recruiting-evaluate-candidates: katherine',
    'recruiting-publish-job-description-and-receive-applications: katherine',
    'training-evaluate-language-competence: alan',
    'training-teach-mindset: gap',
    'training-teach-skills: alan',
  ]);
});
