import { curl, exampleOf } from './curl';
import { isNameable, scopesOf, scopeText } from './scopes';

describe('the scopes of a token', () => {
  it('open what was chosen, each once', () => {
    const chosen = { plain: ['read'], products: ['lugha', 'lugha'], sources: ['grafana'], tasks: [' backup '] };
    expect(scopesOf(chosen)).toEqual(['read', 'kpi:lugha', 'alerts:grafana', 'tasks:backup']);
    expect(scopesOf({ plain: [], products: [], sources: [], tasks: [] })).toEqual([]);
  });

  it.each([
    ['backup', true],
    ['2-backups', true],
    ['-backup', false],
    ['Backup', false],
    ['nightly backup', false],
    ['', false],
  ])('can name "%s": %s', (name, can) => expect(isNameable(name)).toBe(can));

  it.each([
    ['admin', 'everything'],
    ['library:import', 'imports the library'],
    ['kpi:lugha', 'reports the KPIs of lugha'],
    ['alerts:uptime-kuma', 'sends alerts of uptime-kuma'],
    ['other:thing', 'other:thing'],
    ['constructor', 'constructor'],
  ])('%s is said as "%s"', (scope, words) => expect(scopeText(scope)).toBe(words));
});

describe('the command that tries a token', () => {
  const of = (...scopes: string[]): string | null => exampleOf(scopes, 'https://recert.example.org', 'recert_1_x');

  it('uses what the token opens', () => {
    expect(of('kpi:lugha')).toBe(
      [
        `curl 'https://recert.example.org/hooks/kpi/lugha'`,
        `-H 'Authorization: Bearer recert_1_x'`,
        `-H 'Content-Type: application/json'`,
        `-d '{"kpis":{"signups":12}}'`,
      ].join(' \\\n  '),
    );
    expect(of('alerts:generic')).toContain('/hooks/alerts/generic');
    expect(of('library:import')).toContain(`'{"dryRun":true}'`);
    expect(of('read')).not.toContain('-d');
  });

  it('is not there for what no hand sends', () => {
    expect(of('alerts:grafana')).toBeNull();
    expect(of('tasks:backup')).toBeNull();
  });

  it('is taken by a shell as it stands', () => {
    expect(curl({ to: 'http://localhost', token: 't', body: "it's" })).toContain(`-d '"it'\\''s"'`);
  });
});
