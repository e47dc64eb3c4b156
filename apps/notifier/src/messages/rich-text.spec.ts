import { compose, cut, MESSAGE_LIMIT, oneLine } from './rich-text';

describe('a composed message', () => {
  it('marks parts by their place in UTF-16 units', () => {
    expect(compose([{ text: '😀 ' }, { text: 'name', style: 'bold' }, { text: ' end' }])).toEqual({
      text: '😀 name end',
      entities: [{ type: 'bold', offset: 3, length: 4 }],
    });
  });

  it('leaves markup of any kind as the text that it is', () => {
    const name = '<b>*_[x](https://evil.example)`</b> @durov #tag /start';
    expect(compose([{ text: name }])).toEqual({ text: name, entities: [] });
  });

  it('marks no blanks at the end, and nothing where there is only blank', () => {
    expect(compose([{ text: 'name ', style: 'bold' }]).entities).toEqual([{ type: 'bold', offset: 0, length: 4 }]);
    expect(compose([{ text: '  ', style: 'bold' }]).entities).toEqual([]);
  });

  it.each([MESSAGE_LIMIT - 1, MESSAGE_LIMIT])('keeps %i units as they are', (length) => {
    expect(compose([{ text: 'x'.repeat(length) }]).text).toHaveLength(length);
  });

  it('cuts a name first, and keeps what is said about it', () => {
    const { text, entities } = compose([
      { text: 'n'.repeat(5000), style: 'bold', cuttable: true },
      { text: '\nReview it.' },
    ]);
    expect(text).toHaveLength(MESSAGE_LIMIT);
    expect(text).toMatch(/^n+…\nReview it\.$/);
    expect(entities).toEqual([{ type: 'bold', offset: 0, length: MESSAGE_LIMIT - '\nReview it.'.length }]);
  });

  it('cuts the longest name, and leaves the others', () => {
    const parts = [
      { text: 'a'.repeat(200), cuttable: true },
      { text: 'b'.repeat(5000), cuttable: true },
    ];
    expect(compose(parts).text.startsWith('a'.repeat(200))).toBe(true);
  });

  it('cuts the end when names give too little, and marks nothing beyond it', () => {
    const { text, entities } = compose([
      { text: 'n'.repeat(100), cuttable: true },
      { text: 'x'.repeat(4050) },
      { text: 'late', style: 'bold' },
    ]);
    expect(text).toHaveLength(MESSAGE_LIMIT);
    expect(text.endsWith('…')).toBe(true);
    expect(entities).toEqual([]);
  });
});

describe('cutting', () => {
  it('leaves what fits, to the unit', () => {
    expect(cut('abcd', 4)).toBe('abcd');
    expect(cut('abcd', 3)).toBe('ab…');
    expect(cut('abcd', 0)).toBe('');
  });

  it('never leaves half a character, nor a joiner that joins nothing', () => {
    expect(cut('a😀b', 3)).toBe('a…');
    expect(cut('a😀bc', 4)).toBe('a😀…');
    expect(cut('👨\u200D👩', 4)).toBe('👨…');
  });
});

describe('one line', () => {
  it('has no breaks, no control characters and no halves of characters', () => {
    expect(oneLine(' a\nb\r\nc\u0000d\u2028e\u0085 ')).toBe('a b c d e');
    expect(oneLine('x\uD83D!')).toBe('x\uFFFD!');
    expect(oneLine('😀 שלום')).toBe('😀 שלום');
  });
});
