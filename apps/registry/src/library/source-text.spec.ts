import { decodeMarkdown } from './source-text';

const decode = (...bytes: (string | number)[]) =>
  decodeMarkdown(
    'here',
    'a.md',
    Buffer.concat(bytes.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.of(part)))),
  );

test('UTF-8 is text, with its byte order mark and its line ends as they are', () => {
  expect(decode('\uFEFF# é🚀\r\n')).toBe('\uFEFF# é🚀\r\n');
  expect(decode()).toBe('');
});

test.each([
  ['a byte that no character has', ['a\né\n\n', 0xff, 'b\n'], 'a.md is not UTF-8 text (line 4)'],
  ['half a character at the end of a line', ['a\n', 0xc3, '\nb'], 'a.md is not UTF-8 text (line 2)'],
  ['half a character at the end', ['a\nb', 0xc3], 'a.md is not UTF-8 text (line 2)'],
  ['a NUL', ['a\nb\0\n'], 'a.md is not UTF-8 text (line 2)'],
  ['UTF-16', [0xff, 0xfe, '#\0 \0a\0'], 'a.md is UTF-16 (line 1)'],
  ['UTF-16 the other way round', [0xfe, 0xff, '\0#'], 'a.md is UTF-16 (line 1)'],
])('%s is refused with its line', (_, bytes, message) => {
  expect(() => decode(...bytes)).toThrow(`Cannot read the library here: ${message}: save it as UTF-8.`);
});
