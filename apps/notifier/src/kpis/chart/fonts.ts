/** The chart's own font: a server has none, and what one has would draw other pictures. */
import type * as CanvasLibrary from '@napi-rs/canvas';
import { cut } from '../../messages/rich-text';

/** Later ones stand in for characters that earlier ones do not have. */
const SUBSETS = ['latin', 'latin-ext', 'cyrillic', 'greek', 'vietnamese'] as const;
const WEIGHTS = [400, 600] as const;
export const FAMILY = SUBSETS.map((subset) => `"Recert ${subset}"`).join(', ');

/** Registers the font with the library once. @throws Error when it is not to be had */
export function registerFonts({ GlobalFonts }: typeof CanvasLibrary): void {
  for (const subset of SUBSETS) {
    if (GlobalFonts.has(`Recert ${subset}`)) continue;
    for (const weight of WEIGHTS) {
      const file = require.resolve(`@fontsource/inter/files/inter-${subset}-${weight}-normal.woff2`);
      if (GlobalFonts.registerFromPath(file, `Recert ${subset}`) === null)
        throw new Error(`the font ${file} is no font`);
    }
  }
}

/** @param size pixels */
export function font(size: number, bold: boolean): string {
  return `${bold ? 600 : 400} ${size}px ${FAMILY}`;
}

/** As much of the text as fits, with an ellipsis where something is missing. */
export function ellipsis(text: string, fits: (piece: string) => boolean): string {
  if (fits(text)) return text;
  let length = text.length - 1;
  while (length > 1 && !fits(cut(text, length))) length -= 1;
  return cut(text, length);
}
