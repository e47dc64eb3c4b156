const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Where our own machines talk to one another: such an address is nobody's. */
const OWN_ADDRESS = /^(?:0|10|127|192\.168|172\.(?:1[6-9]|2\d|3[01]))\./;

/** In this order: what is recognised by what stands around it comes before what is recognised by its shape. */
const RULES: readonly (readonly [pattern: RegExp, by: string | ((found: string) => string)])[] = [
  [/\b(bot)\d+:[\w-]+/gi, 'bot[token]'],
  [/\b\d{6,}:[\w-]{20,}/g, '[token]'],
  [/\brecert_[\w-]+/g, '[token]'],
  [/\b(?:Bearer|Basic)\s+[\w.~+/=-]+/gi, '[token]'],
  [/(?<=\w:\/\/)[^\s/@]+@/g, '[credentials]@'],
  [/(?<=\w:\/\/[^\s?#"'<>]*)[?#][^\s"'<>]*/g, '?[query]'],
  [/(?<=[\s"'(]\/[^\s?#"'<>]*)[?#][^\s"'<>]*/g, '?[query]'],
  [/[^\s@<>"'(),;:=]+@[\w-]+(?:\.[\w-]+)+/g, '[e-mail]'],
  [/(?<![\w/'"])@[a-z]\w{4,31}\b(?!\/)/gi, '[name]'],
  [/\b(?:\d{1,3}\.){3}\d{1,3}\b/g, (found) => (OWN_ADDRESS.test(found) ? found : '[address]')],
  [/(?<![\w:])(?:[0-9a-f]{1,4}:{1,2}){3,}[0-9a-f]{0,4}/gi, '[address]'],
  // Codes of links, cookies, signatures: all of them are random bytes.
  [/[A-Za-z0-9_-]{22,}/g, (found) => (isRandom(found) ? '[code]' : found)],
  [/\b(chat|user|account|to|from|id)(\W{1,3})-?\d{3,}\b/gi, '$1$2[number]'],
  [
    /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<![\w.])-?\d{6,}(?![\w.])/gi,
    (found) => (UUID.test(found) ? found : '[number]'),
  ],
];

/**
 * A text that a person may have a part in, without what names a person or opens a door: tokens, values of secrets, e-mail
 * addresses, chat ids and other long numbers, names of Telegram, addresses of the outside, queries of urls, random codes.
 * @param secrets values that may stand in no text, whole
 */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) clean = clean.replaceAll(secret, '[secret]');
  for (const [pattern, by] of RULES)
    clean = typeof by === 'string' ? clean.replace(pattern, by) : clean.replace(pattern, by);
  return clean;
}

function isRandom(text: string): boolean {
  if (UUID.test(text)) return false;
  return /^[0-9a-f]{32,}$/i.test(text) || (/\d/.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text));
}
