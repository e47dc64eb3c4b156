import { aProcess } from '../fixtures/a-process';
import { aProduct } from '../fixtures/a-product';
import { type Process } from '../processes/process';
import { type Product } from '../products/product';
import { expandTemplates, type ReadProcess } from './expand-templates';

const read = (facts: Partial<ReadProcess> = {}): ReadProcess => ({
  id: 'care-deploy',
  name: 'deploy',
  section: 'care',
  owner: 'ada',
  deputy: null,
  triggerPeriod: 'P3M',
  product: 'each',
  url: 'https://x.org/#deploy',
  documented: true,
  record: '# deploy',
  recordHash: 'a'.repeat(64),
  file: 'library.md',
  line: 1,
  ...facts,
});

const expand = (processes: ReadProcess[], products: Product[], existing: Process[] = []) =>
  expandTemplates(
    [{ source: 'library.md', processes }],
    products,
    new Map(existing.map((each) => [each.id, each])),
  ).flatMap((library) => library.processes);
const ids = (...given: Parameters<typeof expand>) => expand(...given).map(({ id }) => id);

describe('a record that every product has', () => {
  const lugha = aProduct();
  const kuhama = aProduct({ id: 'kuhama', name: 'Kuhama', owner: 'alan', admins: [] });

  it('is a process of each active product, behind itself and with its place', () => {
    const other = read({ id: 'care-greet', name: 'greet', product: null });
    const gone = aProduct({ id: 'old', active: false });
    const listed = expand([other, read()], [kuhama, gone, lugha]);
    expect(listed.map(({ id, name, product, position }) => [id, name, product, position])).toEqual([
      ['care-greet', 'greet', null, 0],
      ['care-deploy', 'deploy', 'each', 1],
      ['kuhama-care-deploy', 'Kuhama: deploy', 'kuhama', 1],
      ['lugha-care-deploy', 'Lugha: deploy', 'lugha', 1],
    ]);
    const { section, url, triggerPeriod, record, recordHash } = read();
    expect(listed[3]).toMatchObject({ section, url, triggerPeriod, record, recordHash, documented: true });
  });

  it.each([
    ['the first admin', { owner: 'grace', admins: ['carol', 'bob'] }, 'eve', 'carol'],
    ['the first admin who is not the owner', { owner: 'carol', admins: ['carol', 'bob'] }, 'eve', 'bob'],
    ["the record's own deputy", { owner: 'grace', admins: ['grace'] }, 'eve', 'eve'],
    ['nobody, where that one is the owner', { owner: 'eve', admins: [] }, 'eve', null],
    ['nobody, where there is none', { owner: 'grace', admins: [] }, null, null],
  ])('has the owner of the product, and for a deputy %s', (_who, people, deputy, expected) => {
    expect(expand([read({ deputy })], [aProduct(people)])[1]).toMatchObject({ owner: people.owner, deputy: expected });
  });

  it('has an id of at most 120 characters that tells the products apart', () => {
    const id = 'x'.repeat(120);
    const long = ids([read({ id })], [lugha, kuhama]).slice(1);
    expect(long.map(({ length }) => length)).toEqual([120, 120]);
    expect(new Set(long).size).toBe(2);
    const fits = 'x'.repeat(120 - 'lugha-'.length);
    expect(ids([read({ id: fits })], [lugha])[1]).toBe(`lugha-${fits}`);
  });
});

describe('the id of a product that something else has', () => {
  const [a, aB] = [aProduct({ id: 'a' }), aProduct({ id: 'a-b' })];
  const templates = [read({ id: 'b-c' }), read({ id: 'c' })];
  const hashed = expect.stringMatching(/^a-b-c-[0-9a-f]{8}$/) as string;

  it('is another one, where two products come to the same', () => {
    expect(ids(templates, [a, aB])).toEqual(['b-c', 'a-b-c', 'a-b-b-c', 'c', 'a-c', hashed]);
  });

  it('stays with the one that had it, whatever comes later', () => {
    const holder = aProcess({ id: 'a-b-c', product: 'a-b' });
    expect(ids(templates, [a, aB], [holder])).toEqual(['b-c', hashed, 'a-b-b-c', 'c', 'a-c', 'a-b-c']);
    const first = ids(templates, [a, aB], [holder]);
    const registered = first
      .slice(1)
      .map((id) => aProcess({ id, product: id === 'a-c' || id === first[1] ? 'a' : 'a-b' }));
    expect(ids(templates, [a, aB], registered)).toEqual(first);
  });

  it.each([
    ['in the library', [read({ id: 'a-c', product: null }), read({ id: 'c' })], []],
    ['among what is registered', [read({ id: 'c' })], [aProcess({ id: 'a-c' })]],
  ])('is another one, where a process %s has it', (_where, library, existing) => {
    expect(ids(library, [a], existing).at(-1)).toMatch(/^a-c-[0-9a-f]{8}$/);
  });
});
