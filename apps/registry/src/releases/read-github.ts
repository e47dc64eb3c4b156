import { type ReleaseState } from '@recert/contracts';
import { z } from 'zod';
import { type ReleaseWord } from './release';
import { repositoryOf } from './repository-name';
import { type Push } from './touches-library';

// https://docs.github.com/en/webhooks/webhook-events-and-payloads
const repository = z.looseObject({
  full_name: z.string(),
  html_url: z.string(),
  default_branch: z.string().default('main'),
});
const files = z.array(z.string()).default([]);
const pushBody = z.looseObject({
  ref: z.string(),
  created: z.boolean().default(false),
  deleted: z.boolean().default(false),
  forced: z.boolean().default(false),
  commits: z.array(z.looseObject({ added: files, removed: files, modified: files })).default([]),
  repository,
});
const actor = z.looseObject({ login: z.string() }).nullish();
const workflowRun = z.looseObject({
  id: z.number(),
  run_attempt: z.number().nullish(),
  name: z.string().nullish(),
  path: z.string().nullish(),
  event: z.string().nullish(),
  head_branch: z.string().nullish(),
  head_sha: z.string(),
  conclusion: z.string().nullish(),
  html_url: z.string().nullish(),
  created_at: z.string(),
  run_started_at: z.string().nullish(),
  updated_at: z.string().nullish(),
  actor,
});
const workflowBody = z.looseObject({ action: z.string(), workflow_run: workflowRun, repository });
const deploymentBody = z.looseObject({
  deployment_status: z.looseObject({
    state: z.string(),
    description: z.string().nullish(),
    environment: z.string().nullish(),
    target_url: z.string().nullish(),
    created_at: z.string(),
  }),
  deployment: z.looseObject({
    id: z.number(),
    sha: z.string(),
    ref: z.string(),
    production_environment: z.boolean().nullish(),
    creator: actor,
  }),
  workflow_run: z.looseObject({ id: z.number(), run_attempt: z.number().nullish() }).nullish(),
  repository,
});

/** What GitHub tells, as far as it is of interest here. */
export type GithubWord =
  | { readonly kind: 'push'; readonly push: Push }
  | { readonly kind: 'release'; readonly word: ReleaseWord }
  | { readonly kind: 'nothing' };

export type GithubReading =
  | { readonly ok: true; readonly word: GithubWord }
  /** A sentence that names the field. */
  | { readonly ok: false; readonly reason: string };

/** What else there is to know beside a body. */
export interface GithubScene {
  readonly receivedAt: Date;
  /** Words in the name or file of a workflow that releases something: GitHub does not say which do. */
  readonly releaseWords: readonly string[];
}

type Read<S extends z.ZodType> = (body: z.output<S>, scene: GithubScene) => GithubWord;
const NOTHING: GithubWord = { kind: 'nothing' };

const READERS: Readonly<Record<string, (body: unknown, scene: GithubScene) => GithubReading>> = {
  push: reader(pushBody, readPush),
  workflow_run: reader(workflowBody, readWorkflowRun),
  deployment_status: reader(deploymentBody, readDeploymentStatus),
};

/** @param event as the header `X-GitHub-Event` names it; of other events nothing is of interest */
export function readGithub(event: string, body: unknown, scene: GithubScene): GithubReading {
  const read = Object.hasOwn(READERS, event) ? READERS[event] : undefined;
  return read === undefined ? { ok: true, word: NOTHING } : read(body, scene);
}

function reader<S extends z.ZodType>(schema: S, read: Read<S>) {
  return (body: unknown, scene: GithubScene): GithubReading => {
    const parsed = schema.safeParse(body);
    if (parsed.success) return { ok: true, word: read(parsed.data, scene) };
    const [issue] = parsed.error.issues;
    return { ok: false, reason: `${issue?.path.join('.') ?? 'body'}: ${issue?.message ?? 'not understood'}` };
  };
}

/** A push lists 2,048 commits at most. */
const MOST_COMMITS = 2048;

function readPush({ ref, created, deleted, forced, commits, repository }: z.output<typeof pushBody>): GithubWord {
  const name = /^refs\/(?:heads|tags)\/(.+)$/.exec(ref)?.[1];
  const where = repositoryOf(repository.html_url);
  if (deleted || name === undefined || where === null) return NOTHING;
  // Of a new branch, and of one that was rewritten, the commits do not tell all that is another now.
  const isPartial = created || forced || commits.length === 0 || commits.length >= MOST_COMMITS;
  const paths = commits.flatMap(({ added, removed, modified }) => [...added, ...removed, ...modified]);
  const push = { repository: where, ref: name, defaultBranch: repository.default_branch };
  return { kind: 'push', push: { ...push, paths: isPartial ? null : [...new Set(paths)] } };
}

function readWorkflowRun(body: z.output<typeof workflowBody>, { receivedAt, releaseWords }: GithubScene): GithubWord {
  const { workflow_run: run, repository } = body;
  const name = `${run.name ?? ''} ${run.path ?? ''}`.toLowerCase();
  const isNamedSo = releaseWords.some((word) => name.includes(word.toLowerCase()));
  const isRelease = isNamedSo && !(run.event ?? '').startsWith('pull_request');
  const state = isRelease ? stateOfRun(body.action, run.conclusion ?? null) : null;
  if (state === null) return NOTHING;
  const isOver = state !== 'started';
  const at = dateOf((isOver ? run.updated_at : run.run_started_at) ?? run.created_at, receivedAt);
  return {
    kind: 'release',
    word: {
      ...whatIsReleased(repository, keyOfRun(repository, run), run.head_sha, run.head_branch ?? null),
      environment: null,
      state,
      by: run.actor?.login ?? null,
      url: run.html_url ?? null,
      at,
      log: state === 'failed' ? `the workflow "${run.name ?? run.path ?? 'release'}" ended: ${run.conclusion}` : null,
    },
  };
}

function readDeploymentStatus(body: z.output<typeof deploymentBody>, { receivedAt }: GithubScene): GithubWord {
  const { deployment_status: status, deployment, workflow_run: run, repository } = body;
  const state = stateOfDeployment(status.state);
  if (state === null || deployment.production_environment === false) return NOTHING;
  // A deployment that a workflow makes is the same release as that workflow's.
  const key = run ? keyOfRun(repository, run) : `github ${repository.full_name} deployment ${deployment.id}`;
  const log = status.description?.trim() ? status.description : null;
  return {
    kind: 'release',
    word: {
      ...whatIsReleased(repository, key, deployment.sha, deployment.ref),
      environment: status.environment ?? null,
      state,
      by: deployment.creator?.login ?? null,
      url: status.target_url?.trim() ? status.target_url : `${repository.html_url}/deployments`,
      at: dateOf(status.created_at, receivedAt),
      log: state === 'failed' ? (log ?? `the deployment ended: ${status.state}`) : null,
    },
  };
}

function whatIsReleased(
  { full_name, html_url }: z.output<typeof repository>,
  key: string,
  commit: string,
  ref: string | null,
): Pick<ReleaseWord, 'key' | 'productId' | 'repository' | 'name' | 'commit' | 'release'> {
  const release = ref === null || /^[0-9a-f]{40}$/.test(ref) ? null : ref;
  return { key, productId: null, repository: html_url, name: full_name, commit, release };
}

function keyOfRun(
  { full_name }: z.output<typeof repository>,
  run: { readonly id: number; readonly run_attempt?: number | null | undefined },
): string {
  return `github ${full_name} run ${run.id}.${run.run_attempt ?? 1}`;
}

function stateOfRun(action: string, conclusion: string | null): ReleaseState | null {
  if (action !== 'completed') return ['requested', 'in_progress'].includes(action) ? 'started' : null;
  if (conclusion === 'success') return 'deployed';
  return ['failure', 'timed_out', 'startup_failure', 'cancelled'].includes(conclusion ?? '') ? 'failed' : null;
}

/** `inactive` only says that a later one took its place. */
function stateOfDeployment(state: string): ReleaseState | null {
  if (['queued', 'pending', 'in_progress'].includes(state)) return 'started';
  if (state === 'success') return 'deployed';
  return ['failure', 'error'].includes(state) ? 'failed' : null;
}

function dateOf(text: string, otherwise: Date): Date {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? otherwise : date;
}
