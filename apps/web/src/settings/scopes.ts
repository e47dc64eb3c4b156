/** Where alerts come from that prove themselves with a token. */
export const ALERT_SOURCES = ['generic', 'alertmanager', 'grafana', 'uptime-kuma'] as const;

/** What a token is to open, as it is chosen. */
export interface Chosen {
  /** Scopes that name nothing: `admin`, `read`, `library:import`. */
  readonly plain: readonly string[];
  readonly products: readonly string[];
  readonly sources: readonly string[];
  readonly tasks: readonly string[];
}

/** The scopes that open exactly what was chosen, each once. */
export function scopesOf({ plain, products, sources, tasks }: Chosen): string[] {
  const named = (kind: string, names: readonly string[]): string[] => names.map((name) => `${kind}:${name.trim()}`);
  return [...new Set([...plain, ...named('kpi', products), ...named('alerts', sources), ...named('tasks', tasks)])];
}

/** Whether a scope can name it: a slug, as everywhere in addresses. */
export function isNameable(name: string): boolean {
  return /^[a-z0-9][a-z0-9-]*$/.test(name.trim());
}

const SAYS: Readonly<Record<string, (name: string) => string>> = {
  admin: () => 'everything',
  read: () => 'sees everything',
  library: () => 'imports the library',
  kpi: (name) => `reports the KPIs of ${name}`,
  alerts: (name) => `sends alerts of ${name}`,
  tasks: (name) => `reports the task ${name}`,
};

/** A scope in words; one that is none of ours stays as it is. */
export function scopeText(scope: string): string {
  const [kind = '', name = ''] = scope.split(':');
  return Object.hasOwn(SAYS, kind) ? SAYS[kind]!(name) : scope;
}
