import { deploymentStatus, pushed, workflowRun } from './github-examples';
import { readGithub, type GithubWord } from './read-github';

const SCENE = { receivedAt: new Date('2026-11-27T09:00:00.000Z'), releaseWords: ['Deploy'] };

function wordOf(event: string, body: unknown): GithubWord {
  const reading = readGithub(event, body, SCENE);
  if (!reading.ok) throw new Error(reading.reason);
  return reading.word;
}
const releaseOf = (event: string, body: unknown) => {
  const word = wordOf(event, body);
  return word.kind === 'release' ? word.word : null;
};
const pathsOf = (changes: object) => {
  const word = wordOf('push', pushed(changes));
  return word.kind === 'push' ? word.push.paths : undefined;
};

describe('what GitHub tells of a push', () => {
  it('is where it went and which paths are others now, each once', () => {
    expect(wordOf('push', pushed())).toEqual({
      kind: 'push',
      push: {
        repository: 'github.com/acme/lugha',
        ref: 'main',
        defaultBranch: 'main',
        paths: ['docs/new.md', 'docs/processes.md', 'old.md'],
      },
    });
  });

  it.each([
    ['a new branch', { created: true }],
    ['a branch that was rewritten', { forced: true }],
    ['no commits', { commits: [] }],
    ['as many commits as a push can list', { commits: Array.from({ length: 2048 }, () => ({})) }],
  ])('does not tell all paths of %s', (_what, changes) => {
    expect(pathsOf(changes)).toBeNull();
  });

  it('tells all paths of one commit less', () => {
    const commits = Array.from({ length: 2047 }, (_, n) => ({ modified: [`${n}.md`] }));
    expect(pathsOf({ commits })).toHaveLength(2047);
  });

  it('is nothing where a branch was deleted, or something else than a branch or tag was pushed', () => {
    expect(wordOf('push', pushed({ deleted: true }))).toEqual({ kind: 'nothing' });
    expect(wordOf('push', pushed({ ref: 'refs/notes/commits' }))).toEqual({ kind: 'nothing' });
  });
});

describe('what GitHub tells of a workflow', () => {
  it('is a release that has started, and then that it is over', () => {
    expect(releaseOf('workflow_run', workflowRun('requested'))).toEqual({
      key: 'github acme/lugha run 12.1',
      productId: null,
      repository: 'https://github.com/acme/lugha',
      name: 'acme/lugha',
      commit: '2'.repeat(40),
      release: 'main',
      environment: null,
      state: 'started',
      by: 'ada',
      url: 'https://github.com/acme/lugha/actions/runs/12',
      at: new Date('2026-11-27T08:00:05Z'),
      log: null,
    });
    expect(releaseOf('workflow_run', workflowRun('completed', { conclusion: 'success' }))).toMatchObject({
      key: 'github acme/lugha run 12.1',
      state: 'deployed',
      at: new Date('2026-11-27T08:02:10Z'),
    });
  });

  it.each(['failure', 'timed_out', 'startup_failure', 'cancelled'])('is a failure where it ended: %s', (conclusion) => {
    expect(releaseOf('workflow_run', workflowRun('completed', { conclusion }))).toMatchObject({
      state: 'failed',
      log: `the workflow "Deploy" ended: ${conclusion}`,
    });
  });

  it.each([
    ['that was skipped', workflowRun('completed', { conclusion: 'skipped' })],
    ['that tests', workflowRun('requested', { name: 'CI', path: '.github/workflows/ci.yml' })],
    ['of a pull request', workflowRun('requested', { event: 'pull_request' })],
    ['without a name', workflowRun('requested', { name: null, path: null })],
  ])('is nothing of one %s', (_what, body) => {
    expect(releaseOf('workflow_run', body)).toBeNull();
  });

  it('counts by the name or the file, whichever has the word', () => {
    const run = workflowRun('requested', { name: 'Main', path: '.github/workflows/deploy-all.yml' });
    expect(releaseOf('workflow_run', run)).not.toBeNull();
    expect(readGithub('workflow_run', run, { ...SCENE, releaseWords: ['ship'] })).toMatchObject({
      word: { kind: 'nothing' },
    });
  });

  it('is another release where it runs again', () => {
    expect(releaseOf('workflow_run', workflowRun('requested', { run_attempt: 2 }))?.key).toBe(
      'github acme/lugha run 12.2',
    );
  });
});

describe('what GitHub tells of a deployment', () => {
  it.each([
    ['in_progress', 'started'],
    ['success', 'deployed'],
    ['failure', 'failed'],
    ['error', 'failed'],
  ])('that is %s is a release that has %s', (state, expected) => {
    expect(releaseOf('deployment_status', deploymentStatus(state))).toMatchObject({
      key: 'github acme/lugha deployment 7',
      state: expected,
      release: 'v1.4.0',
      environment: 'production',
    });
  });

  it('is the release of the workflow that makes it', () => {
    const body = deploymentStatus('success', { workflow_run: { id: 12, run_attempt: 1 } });
    expect(releaseOf('deployment_status', body)?.key).toBe('github acme/lugha run 12.1');
  });

  it('is nothing where a later one took its place, or it is not for production', () => {
    expect(releaseOf('deployment_status', deploymentStatus('inactive'))).toBeNull();
    const preview = { id: 7, sha: '2'.repeat(40), ref: 'x', production_environment: false };
    expect(releaseOf('deployment_status', deploymentStatus('success', { deployment: preview }))).toBeNull();
  });

  it('names no release by a bare commit', () => {
    const deployment = { id: 7, sha: '2'.repeat(40), ref: '2'.repeat(40) };
    expect(releaseOf('deployment_status', deploymentStatus('success', { deployment }))?.release).toBeNull();
  });
});

describe('a body of GitHub', () => {
  it.each(['ping', 'issues', '', 'constructor', '__proto__'])('of the event "%s" is nothing', (event) => {
    expect(wordOf(event, { zen: 'Design for failure.' })).toEqual({ kind: 'nothing' });
  });

  it('that is not as described is refused with the field', () => {
    expect(readGithub('push', { ref: 7 }, SCENE)).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/^ref: /) as string,
    });
    expect(readGithub('workflow_run', null, SCENE).ok).toBe(false);
  });
});
