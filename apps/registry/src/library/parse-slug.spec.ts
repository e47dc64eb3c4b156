import { processId, slug } from './parse-slug';

test.each([
  ['First Week', 'first-week'],
  ['align & execute', 'align-and-execute'],
  ['align&execute', 'align-and-execute'],
  ['(re-)certify  ssl!', 're-certify-ssl'],
  ["don't & 'won’t'", 'dont-and-wont'],
  ['Straße über Øre, Łódź', 'strasse-uber-ore-lodz'],
  ['Привет 2', '43f440438432435442-2'],
  ['ﬁrst ①', 'first-1'],
  ['🚀 launch', 'launch'],
  ['🚀', '1f680'],
  ['!?', '213f'],
  ['', '0'],
  ['\ud800', 'd800'],
])('The slug of %j is %j', (text, expected) => {
  expect(slug(text)).toBe(expected);
});

test('A process id is the slug of its path', () => {
  expect(processId('company orchestration', 'certify processes')).toBe('company-orchestration-certify-processes');
  expect(processId(null, 'certify processes')).toBe('certify-processes');
});

test.each([
  [119, 119],
  [120, 120],
  [121, 120],
  [5000, 120],
])('A path of %i characters has an id of %i', (length, expected) => {
  expect(processId(null, 'x'.repeat(length))).toHaveLength(expected);
});

test('Two long paths that differ at the end have two ids', () => {
  const start = 'x'.repeat(150);
  expect(processId(null, `${start}a`)).not.toBe(processId(null, `${start}b`));
});

test('An id cut behind a dash has no two dashes', () => {
  expect(processId(null, `${'x'.repeat(110)} ${'y'.repeat(50)}`)).toMatch(/^x{110}-[0-9a-f]{8}$/);
});
