import { genericAlertBody } from '@recert/contracts';
import { linkOf, textOf, textsOf, titleOf } from '../fields';
import { severityOfWord } from '../severity-word';
import { type KeptHeaders, read, type Reading, type SignStatus, unreadable } from '../sign';

const FIRING: ReadonlySet<string> = new Set(['firing', 'down', 'open', 'alert', 'problem']);
const RESOLVED: ReadonlySet<string> = new Set(['resolved', 'ok', 'up', 'closed', 'recovered']);

/** What a script of one's own sends: `genericAlertBody`. */
export function readGeneric(_headers: KeptHeaders, body: unknown, receivedAt: Date): Reading {
  const parsed = genericAlertBody.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return unreadable(`${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'not understood'}`);
  }
  const { title, severity, key, status: word, url, detail, product } = parsed.data;
  const status = statusOfWord(word ?? 'firing');
  if (status === null) {
    return unreadable(
      'status: expected firing, down, open, alert or problem; or resolved, ok, up, closed or recovered',
    );
  }
  return read({
    key: textOf(key, 300) ?? titleOf(title)!,
    status,
    kind: 'other',
    severity: severityOfWord(textOf(severity, 100)),
    title: titleOf(title)!,
    detail: textOf(detail),
    link: linkOf(url),
    productHints: textsOf(product),
    at: receivedAt,
    by: null,
  });
}

function statusOfWord(word: string): SignStatus | null {
  const lower = word.trim().toLowerCase();
  if (FIRING.has(lower)) return 'firing';
  return RESOLVED.has(lower) ? 'resolved' : null;
}
