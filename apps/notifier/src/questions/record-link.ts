import { type Question } from './question';

/** The way from a message to a record. */
export interface RecordLink {
  readonly url: string;
  /** It leads through this service, so that following it is noticed. */
  readonly measured: boolean;
}

/**
 * The link under a question, or null when there is none that a phone could open.
 * @param publicUrl where people reach this service, without a slash at the end
 */
export function recordLinkOf(
  question: Pick<Question, 'url' | 'linkCode'>,
  publicUrl: string | null,
): RecordLink | null {
  if (question.url === null || !isWebAddress(question.url)) return null;
  if (publicUrl !== null && isPublicAddress(publicUrl)) {
    return { url: `${publicUrl}/r/${question.linkCode}`, measured: true };
  }
  return isPublicAddress(question.url) ? { url: question.url, measured: false } : null;
}

/** Whether a browser may be sent there: http and https, nothing that could run. */
export function isWebAddress(address: string): boolean {
  return URL.canParse(address) && /^https?:$/.test(new URL(address).protocol);
}

/** Whether the address names a host of the internet, as far as its name tells: Telegram refuses buttons to others. */
export function isPublicAddress(address: string): boolean {
  if (!isWebAddress(address)) return false;
  const host = new URL(address).hostname.toLowerCase().replace(/\.$/, '');
  if (host.startsWith('[')) return !/^\[(::|f[cd]|fe[89ab])/.test(host);
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return !isPrivateIpv4(host.split('.').map(Number));
  return host.includes('.') && !/\.(localhost|local|internal|intranet|lan|home|corp|arpa)$/.test(host);
}

function isPrivateIpv4([a = 0, b = 0]: readonly number[]): boolean {
  if (a === 0 || a === 10 || a === 127 || a >= 224) return true;
  return (
    (a === 100 && b >= 64 && b < 128) ||
    (a === 169 && b === 254) ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && b === 168)
  );
}

/** Programs that fetch links to show a preview: what they open, nobody has read. */
export function isLinkPreview(method: string, userAgent: string | undefined): boolean {
  return method !== 'GET' || (userAgent !== undefined && PREVIEWERS.test(userAgent));
}

// By name and not by "bot": there are telephones called Cubot.
const PREVIEWERS =
  /(telegram|twitter|slack|discord|linkedin|google|bing|apple|yandex)bot|facebookexternalhit|whatsapp|skypeuripreview|crawler|spider/i;
