import { type ApiError } from './api-error';
import { readFormattedText } from './formatted-text';
import { Parameters } from './parameters';

const read = (text: string, more: Record<string, unknown> = {}) =>
  readFormattedText(new Parameters({ text, ...more }), 'text');

const refusal = (text: string, more: Record<string, unknown>): string => {
  try {
    read(text, more);
  } catch (error) {
    return (error as ApiError).description;
  }
  return 'accepted';
};

const entity = (offset: number, length: number, type = 'bold') => ({ entities: [{ type, offset, length }] });

describe('the text of a message', () => {
  it('keeps no blanks at its ends, and entities move with it', () => {
    expect(read('  hi there\n', entity(2, 2))).toEqual({
      text: 'hi there',
      entities: [{ type: 'bold', offset: 0, length: 2 }],
    });
    expect(read('hi  ', entity(2, 2)).entities).toEqual([]);
  });

  it('takes entities up to its last unit and not one further', () => {
    expect(read('hello', entity(0, 5)).entities).toHaveLength(1);
    expect(refusal('hello', entity(0, 6))).toBe(
      'Bad Request: entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 6',
    );
    expect(refusal('hello', entity(6, 1))).toBe(
      'Bad Request: entity begins after the end of the text at UTF-16 offset 6',
    );
    expect(refusal('hello', entity(-1, 1))).toBe('Bad Request: receive an entity with incorrect offset -1');
  });

  it('counts in UTF-16 units and refuses half a character', () => {
    expect(read('😀 hi', entity(0, 2)).entities).toHaveLength(1);
    expect(refusal('😀 hi', entity(1, 1))).toMatch('in a middle of a UTF-16 symbol');
    expect(refusal('😀 hi', entity(0, 1))).toMatch('in a middle of a UTF-16 symbol');
  });

  it.each([
    [{ type: 'glow', offset: 0, length: 1 }, "can't parse MessageEntity: Unsupported type specified"],
    [{ type: 'bold', offset: 0 }, 'can\'t parse MessageEntity: Can\'t find field "length"'],
    [{ type: 'text_link', offset: 0, length: 1 }, 'can\'t parse MessageEntity: Can\'t find field "url"'],
    [
      { type: 'text_link', offset: 0, length: 1, url: 'http://localhost:3000/x' },
      "entity URL 'http://localhost:3000/x' is invalid: Wrong HTTP URL",
    ],
    [{ type: 'text_mention', offset: 0, length: 1 }, 'can\'t parse MessageEntity: Can\'t find field "user"'],
  ])('refuses the entity %j', (wrong, description) => {
    expect(refusal('hello', { entities: [wrong] })).toBe(`Bad Request: ${description}`);
  });

  it('takes entities as a JSON string, as a form sends them', () => {
    expect(read('hello', { entities: '[{"type":"code","offset":0,"length":5}]' }).entities).toEqual([
      { type: 'code', offset: 0, length: 5 },
    ]);
    expect(refusal('hello', { entities: '[{' })).toBe("Bad Request: can't parse entities JSON object");
  });

  it('knows three parse modes, in any case, and no other', () => {
    expect(read('<b>x</b>', { parse_mode: 'html' }).text).toBe('x');
    expect(refusal('x', { parse_mode: 'BBCode' })).toBe('Bad Request: unsupported parse_mode');
  });
});

describe('HTML', () => {
  const html = (text: string) => read(text, { parse_mode: 'HTML' });

  it('becomes text and entities', () => {
    expect(html('<b>a<i>b</i></b> &lt;c&gt; &amp; <a href="https://d.example/e">f</a>')).toEqual({
      text: 'ab <c> & f',
      entities: [
        { type: 'bold', offset: 0, length: 2 },
        { type: 'italic', offset: 1, length: 1 },
        { type: 'text_link', offset: 9, length: 1, url: 'https://d.example/e' },
      ],
    });
  });

  it('leaves an ampersand that escapes nothing as it is', () => {
    expect(html('R&D &nbsp; &#65;').text).toBe('R&D &nbsp; A');
  });

  it.each([
    ['<b>open', 'Can\'t find end tag corresponding to start tag "b"'],
    ['<b><i>x</b></i>', 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'],
    ['<script>x</script>', 'Unsupported start tag "script" at byte offset 0'],
    ['ü <x', 'Unsupported start tag "x" at byte offset 3'],
    ['x</b>', 'Unexpected end tag at byte offset 1'],
    ['1 < 2', 'Unsupported start tag "" at byte offset 2'],
  ])('refuses %s', (text, description) => {
    expect(refusal(text, { parse_mode: 'HTML' })).toBe(`Bad Request: can't parse entities: ${description}`);
  });
});

describe('Markdown', () => {
  it('becomes text and entities', () => {
    expect(read('*a* _b_ `c` [d](https://e.example) \\_f', { parse_mode: 'Markdown' })).toEqual({
      text: 'a b c d _f',
      entities: [
        { type: 'bold', offset: 0, length: 1 },
        { type: 'italic', offset: 2, length: 1 },
        { type: 'code', offset: 4, length: 1 },
        { type: 'text_link', offset: 6, length: 1, url: 'https://e.example' },
      ],
    });
  });

  it.each(['snake_case', '*open', 'a `b', 'a [b'])('refuses %s', (text) => {
    expect(refusal(text, { parse_mode: 'Markdown' })).toMatch(
      "Bad Request: can't parse entities: Can't find end of the entity starting at byte offset ",
    );
  });
});

describe('MarkdownV2', () => {
  it('becomes text and entities, one within the other', () => {
    expect(read('*a _b_* __c__ ~d~ ||e|| `f\\`` done\\.', { parse_mode: 'MarkdownV2' })).toEqual({
      text: 'a b c d e f` done.',
      entities: [
        { type: 'bold', offset: 0, length: 3 },
        { type: 'italic', offset: 2, length: 1 },
        { type: 'underline', offset: 4, length: 1 },
        { type: 'strikethrough', offset: 6, length: 1 },
        { type: 'spoiler', offset: 8, length: 1 },
        { type: 'code', offset: 10, length: 2 },
      ],
    });
  });

  it.each([
    ['done.', "Character '.' is reserved and must be escaped with the preceding '\\'"],
    ['a-b', "Character '-' is reserved and must be escaped with the preceding '\\'"],
    ['*open', "Can't find end of Bold entity at byte offset 0"],
  ])('refuses %s', (text, description) => {
    expect(refusal(text, { parse_mode: 'MarkdownV2' })).toBe(`Bad Request: can't parse entities: ${description}`);
  });
});
