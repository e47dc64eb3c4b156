const TIMEOUT_MS = 10_000;

/** What Telegram says of a token. */
export type Bot =
  | { readonly kind: 'known'; readonly username: string }
  | { readonly kind: 'refused' }
  | { readonly kind: 'away'; readonly why: string };

/**
 * Asks Telegram whose token it is: https://core.telegram.org/bots/api#getme
 * @param root of the Bot API, where it is a server of one's own
 */
export async function whoIsBot(token: string, root: string | undefined): Promise<Bot> {
  const address = `${root === undefined || root === '' ? 'https://api.telegram.org' : root}/bot${token}/getMe`;
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (response.status === 401 || response.status === 404) return { kind: 'refused' };
    const { result } = (await response.json()) as { result?: { username?: string } };
    if (result?.username !== undefined) return { kind: 'known', username: result.username };
    return { kind: 'away', why: `Telegram answered ${response.status} and did not say whose token it is.` };
  } catch (error) {
    // The message of an error may hold the address, and the token with it.
    const { code } = ((error as Error).cause ?? {}) as { code?: string };
    return { kind: 'away', why: `Telegram cannot be reached (${code ?? (error as Error).name}).` };
  }
}
