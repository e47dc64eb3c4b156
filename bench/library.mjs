const RECORD = {
  owner: (n) => `person-${n % 500}`,
  trigger: () => 'annual',
  text: (n) => [`What is done in process ${n}.`],
};

/**
 * A library in one file, a hundred processes to a section.
 * @param {number} count
 * @param {{name?: (n: number) => string, owner?: (n: number) => string, trigger?: (n: number) => string, text?: (n: number) => string[]}} [of]
 */
export function libraryText(count, of = {}) {
  const { name = (n) => `process ${n}`, owner, trigger, text } = { ...RECORD, ...of };
  const lines = ['# Processes', ''];
  for (let n = 0; n < count; n += 1) {
    if (n % 100 === 0) lines.push(`# section ${n / 100}`, '');
    lines.push(`## ${name(n)}`, '', `owner: ${owner(n)}`, `trigger: ${trigger(n)}`, '', ...text(n), '');
  }
  return lines.join('\n');
}
