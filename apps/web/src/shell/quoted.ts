/** A text as one word for a shell: in single quotes it takes everything as it is but the single quote. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
