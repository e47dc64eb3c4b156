import { type Part } from '../messages/rich-text';

const LONGEST = 1_000;

/** The end of what a program said, which says most, on lines of its own; nothing where it said nothing. */
export function logPart(log: string | null): Part[] {
  const text = (log ?? '')
    .replace(/[^\S\n]+/gu, ' ')
    .replace(/[^\P{Cc}\n]+/gu, '')
    .trim();
  if (text === '') return [];
  const end = text.length > LONGEST ? `…${text.slice(-LONGEST)}` : text;
  return [{ text: `\n${end.replace(/\p{Surrogate}/gu, '\uFFFD')}`, style: 'italic', cuttable: true }];
}
