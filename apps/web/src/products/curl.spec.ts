import { alertCurl, kpiCurl, sentryCurl } from './curl';

describe('what one types to try a webhook', () => {
  it('sends the figures of a week', () => {
    expect(kpiCurl('https://recert.example.org/hooks/kpi/lugha', '2026-W47')).toBe(
      [
        `curl -X POST 'https://recert.example.org/hooks/kpi/lugha' \\`,
        `  -H "content-type: application/json" \\`,
        `  -H "authorization: Bearer $TOKEN" \\`,
        `  -d '{"week":"2026-W47","kpis":{"signups":12}}'`,
      ].join('\n'),
    );
  });

  it('sends an alert with the same token', () => {
    expect(alertCurl('https://recert.example.org/hooks/alerts/generic')).toContain('Bearer $TOKEN');
  });

  it('signs what Sentry would sign, and lets no name out of its quotes', () => {
    const text = sentryCurl('https://recert.example.org/hooks/sentry', `it's; rm`);
    expect(text).toContain(`"slug":"it'\\''s; rm"`);
    expect(text).toContain('sentry-hook-signature: $SIGNATURE');
  });
});
