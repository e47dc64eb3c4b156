/** Bodies as GitHub sends them, cut to what is read, for tests. */
const repository = { full_name: 'acme/lugha', html_url: 'https://github.com/acme/lugha', default_branch: 'main' };

export const pushed = (changes: object = {}): object => ({
  ref: 'refs/heads/main',
  before: '1'.repeat(40),
  after: '2'.repeat(40),
  created: false,
  deleted: false,
  forced: false,
  commits: [
    { id: '2'.repeat(40), added: ['docs/new.md'], removed: [], modified: ['docs/processes.md'] },
    { id: '3'.repeat(40), added: [], removed: ['old.md'], modified: ['docs/processes.md'] },
  ],
  repository,
  ...changes,
});

export const workflowRun = (action: string, changes: object = {}): object => ({
  action,
  workflow_run: {
    id: 12,
    run_attempt: 1,
    name: 'Deploy',
    path: '.github/workflows/deploy.yml',
    event: 'push',
    head_branch: 'main',
    head_sha: '2'.repeat(40),
    conclusion: null,
    html_url: 'https://github.com/acme/lugha/actions/runs/12',
    created_at: '2026-11-27T08:00:00Z',
    run_started_at: '2026-11-27T08:00:05Z',
    updated_at: '2026-11-27T08:02:10Z',
    actor: { login: 'ada' },
    ...changes,
  },
  repository,
});

export const deploymentStatus = (state: string, changes: object = {}): object => ({
  action: 'created',
  deployment_status: {
    state,
    description: '',
    environment: 'production',
    target_url: '',
    created_at: '2026-11-27T08:01:00Z',
  },
  deployment: { id: 7, sha: '2'.repeat(40), ref: 'v1.4.0', creator: { login: 'ada' } },
  repository,
  ...changes,
});
