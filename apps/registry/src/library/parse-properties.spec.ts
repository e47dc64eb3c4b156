import fc from 'fast-check';
import { parseLibrary } from './parse-library';
import type { ParseOptions } from './parsed-library';

const options: ParseOptions = {
  baseUrl: 'https://example.org',
  checkPeriod: (text) => (text === 'annual' ? null : 'write annual'),
};

// Pieces that mean something to the parser, so that arbitrary texts meet its rules and not only its prose.
const piece = fc.oneof(
  fc.constantFrom(
    '# ',
    '## ',
    '### ',
    '#',
    '\n',
    '\n\n',
    '\r\n',
    '- ',
    '  - ',
    '1. ',
    '> ',
    '    ',
    '\t',
    '---\n',
    '===\n',
    '~~~mermaid\n',
    '~~~\n',
    '```\n',
    '````',
    '<!--',
    '-->',
    '<div>',
    'owner: ada',
    'owner:',
    '**owner:** Ada L',
    '- owner: @grace',
    'deputy: ada',
    'trigger: annual',
    'trigger: soon',
    'product: each',
    '[x](#x)',
    '[x](',
    '(#x)',
    '[é](#%C3%A9)',
    '[x](b.md#x)',
    '[x](../..)',
    '[r][1]',
    '[1]: #x',
    '&',
    '&amp;',
    '*',
    '_',
    '`',
    '\\',
    '\0',
    '\uFEFF',
    'x',
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.string({ maxLength: 12 }),
);
const markdown = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''));
const files = fc.uniqueArray(
  fc.record({ path: fc.constantFrom('a.md', 'b.md', 'c/README.md', '\ud800.md'), text: markdown }),
  {
    selector: (file) => file.path,
    maxLength: 3,
  },
);

test('Arbitrary Markdown is either read or refused with places, and never throws', () => {
  fc.assert(
    fc.property(files, (library) => {
      const result = parseLibrary(library, options);
      const findings = result.ok ? result.warnings : result.errors;
      for (const { file, line, message } of findings) {
        const text = library.find((candidate) => candidate.path === file)?.text ?? '';
        expect(line).toBeGreaterThanOrEqual(1);
        expect(line).toBeLessThanOrEqual(text.split(/\r\n?|\n/).length);
        expect(message).not.toBe('');
      }
      if (!result.ok) expect(result.errors.length).toBeGreaterThan(0);
    }),
    { numRuns: 1000 },
  );
});

test('What is read has unique, url-safe ids, and records that stand in their file', () => {
  fc.assert(
    fc.property(files, (library) => {
      const result = parseLibrary(library, options);
      if (!result.ok) return;
      const ids = result.processes.map((process) => process.id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const { id, name, documented, record, recordHash, url } of result.processes) {
        expect(id).toMatch(/^[a-z0-9][a-z0-9-]{0,119}$/);
        expect(name.trim()).not.toBe('');
        expect([record, recordHash, url].every((value) => (value !== null) === documented)).toBe(true);
      }
      for (const { handle } of result.people) expect(handle).toMatch(/^[a-z0-9][a-z0-9._-]{0,63}$/);
    }),
    { numRuns: 1000 },
  );
});

test('The same library is read the same, and with CRLF too', () => {
  fc.assert(
    fc.property(markdown, (text) => {
      const unix = text.replace(/\r\n?/g, '\n');
      const read = (written: string) => parseLibrary([{ path: 'a.md', text: written }], options);
      expect(read(unix)).toEqual(read(unix));
      expect(read(unix.replaceAll('\n', '\r\n'))).toEqual(read(unix));
    }),
    { numRuns: 500 },
  );
});

const word = fc.stringMatching(/^[a-z]{1,8}( [a-z]{1,8}){0,2}$/);
const process = fc.record({ name: word, owner: fc.constantFrom('ada', 'grace'), prose: word, isListed: fc.boolean() });
const sections = fc.uniqueArray(
  fc.record({
    section: word,
    processes: fc.uniqueArray(process, { selector: ({ name }) => name, minLength: 1, maxLength: 4 }),
  }),
  { selector: ({ section }) => section, minLength: 2, maxLength: 4 },
);

test('A library written from sections and processes reads as just those, listed or not', () => {
  fc.assert(
    fc.property(sections, (library) => {
      const names = library.flatMap(({ section, processes }) => [section, ...processes.map(({ name }) => name)]);
      fc.pre(new Set(names).size === names.length);
      // A section with nothing listed below it would be an item that may be a process.
      fc.pre(library.every(({ processes }) => processes.some(({ isListed }) => isListed)));
      const list = library.map(({ section, processes }) =>
        [`- ${section}`, ...processes.filter(({ isListed }) => isListed).map(({ name }) => `  - ${name}`)].join('\n'),
      );
      const records = library.map(({ section, processes }) =>
        [
          `## ${section}`,
          ...processes.map(({ name, owner, prose }) => `### ${name}\n\nowner: ${owner}\n\n${prose}`),
        ].join('\n\n'),
      );
      const text = `# Lib\n\n${list.join('\n')}\n\n${records.join('\n\n')}\n`;
      const result = parseLibrary([{ path: 'a.md', text }], options);
      const expected = library.flatMap(({ section, processes }) =>
        processes.map(({ name, owner, prose }) => ({
          name,
          section,
          owner,
          record: `### ${name}\n\nowner: ${owner}\n\n${prose}`,
        })),
      );
      expect(result).toMatchObject({ ok: true, processes: expected });
    }),
    { numRuns: 300 },
  );
});
