/** An event may not be larger than this: it must fit into one message of any transport, and 100 of them into memory. */
export const MAX_EVENT_BYTES = 512 * 1024;

/** JSON text in which one of the two kinds of character may stand that PostgreSQL cannot store: NUL and half a surrogate pair. */
const SUSPICIOUS = /\\u(0000|d[89a-f])/i;

/**
 * @param json the text that `data` was parsed from
 * @returns where in the data a character is that no text column takes, with its name; null when there is none
 */
export function unstorableIn(data: unknown, json: string): string | null {
  if (!SUSPICIOUS.test(json)) return null;
  const open: { path: string; value: unknown }[] = [{ path: '', value: data }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { path, value } = next;
    if (typeof value === 'string') {
      const fault = faultOf(value);
      if (fault !== null) return `${path || 'data'}: ${fault}, which no database column takes`;
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) {
        open.push({ path: path === '' ? key : `${path}.${key}`, value: inner });
        const fault = faultOf(key);
        if (fault !== null) return `a field's name in ${path || 'data'} has ${fault}, which no database column takes`;
      }
    }
  }
  return null;
}

/** The text with what PostgreSQL cannot store made visible, and no longer than `limit` characters. */
export function storable(text: string, limit: number): string {
  return text.slice(0, limit).replaceAll('\u0000', '\uFFFD').toWellFormed();
}

function faultOf(text: string): string | null {
  if (text.includes('\u0000')) return 'a NUL character';
  return text.isWellFormed() ? null : 'half a surrogate pair';
}
