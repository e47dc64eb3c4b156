/** Names of variables whose whole value is a secret. */
const SECRET_NAME = /TOKEN|SECRET|PASSWORD|DSN|_KEY$/i;
const URL_NAME = /URL|URI/i;
/** What is shorter would be taken out of the middle of words. */
const SHORTEST = 6;

/**
 * The values of an environment that nobody outside may see: those of variables that are called so, each part of a list, and
 * passwords within urls. Longest first, so that no rest of one stays.
 * @param valueOf the value of a variable, wherever it lies; undefined where there is none
 */
export function secretsIn(
  environment: Readonly<Record<string, string | undefined>>,
  valueOf: (name: string) => string | undefined,
): readonly string[] {
  const names = new Set(Object.keys(environment).map((name) => name.replace(/_FILE$/, '')));
  const found = [...names].flatMap((name) => {
    if (!SECRET_NAME.test(name) && !URL_NAME.test(name)) return [];
    const parts = (valueOf(name) ?? '').split(',').map((part) => part.trim());
    return parts.flatMap((part) => [...(SECRET_NAME.test(name) ? [part] : []), ...passwordsOf(part)]);
  });
  return [...new Set(found)].filter(({ length }) => length >= SHORTEST).sort((a, b) => b.length - a.length);
}

/** As it stands in the url, and as it is meant. */
function passwordsOf(text: string): string[] {
  if (!text.includes('://') || !URL.canParse(text)) return [];
  const { password } = new URL(text);
  return password === '' ? [] : [password, decoded(password)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
