import { createHash } from 'node:crypto';

const LONGEST_ID = 120;
const HASH_LENGTH = 8;

/** Latin letters that Unicode does not take apart into a plain letter and an accent. */
const plainLetters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};

/**
 * A text as a slug of a-z, 0-9 and single dashes, never empty: accents are dropped, `&` reads as `and`, letters of other
 * scripts become the hexadecimal of their code points, everything else separates words.
 */
export function slug(text: string): string {
  const words = text.toLowerCase().replaceAll('&', ' and ').replace(/['’]/g, '');
  const ascii = /^[ -~]*$/.test(words) ? words : Array.from(withoutAccents(words), spell).join('');
  const result = ascii.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
  return result === '' ? hexOf(text) : result;
}

function withoutAccents(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '');
}

function spell(character: string): string {
  if (/[a-z0-9]/.test(character)) return character;
  const letter = plainLetters[character];
  if (letter !== undefined) return letter;
  return /[\p{L}\p{M}\p{N}]/u.test(character) ? hexOf(character) : '-';
}

/** What a text of symbols alone is called, so that it still has a name of its own. */
function hexOf(text: string): string {
  const points = Array.from(text.replace(/\s+/g, ''), (character) => (character.codePointAt(0) ?? 0).toString(16));
  return points.length === 0 ? '0' : points.join('');
}

/** The id of a process: the slug of its path. At most 120 characters; what is longer ends in a hash of the whole. */
export function processId(section: string | null, name: string): string {
  return shortened(section === null ? slug(name) : `${slug(section)}-${slug(name)}`);
}

/**
 * The id of a product's own process of a record that every product has.
 * @param isTaken whether something else has an id: `a` and `b-c` must not meet `a-b` and `c`
 */
export function productProcessId(productId: string, recordId: string, isTaken: (id: string) => boolean): string {
  const id = shortened(`${productId}-${recordId}`);
  return isTaken(id) ? endedInHash(id, `${productId}/${recordId}`) : id;
}

function shortened(id: string): string {
  return id.length <= LONGEST_ID ? id : endedInHash(id, id);
}

function endedInHash(id: string, hashed: string): string {
  const hash = createHash('sha256').update(hashed).digest('hex').slice(0, HASH_LENGTH);
  return `${id.slice(0, LONGEST_ID - HASH_LENGTH - 1).replace(/-+$/, '')}-${hash}`;
}
