import { createSecretKey, type KeyObject } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { done, drop, type Outcome, retry, type Tx } from '@recert/bus';
import { ReleaseReported } from '@recert/contracts';
import {
  type Admission,
  FORM_TYPES,
  type Hook,
  type HookRequest,
  isSigned,
  parseBody,
  type Received,
} from '@recert/intake';
import { DescribeHook } from '@recert/service-kit';
import { z } from 'zod';
import { REGISTRY_CONFIG, type RegistryConfig } from '../config';
import { ImportPushedLibraries } from './import-pushed-libraries';
import { NoteRelease } from './note-release';
import { readGithub } from './read-github';

const PREFIX = 'sha256=';

/** GitHub's webhooks, which it signs (https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries). */
@DescribeHook({
  path: '/hooks/github',
  says: 'What GitHub tells of a push, a workflow run or a deployment, as its header X-GitHub-Event names it.',
  body: z.looseObject({}),
  headers: { 'X-GitHub-Event': 'Of what kind the body is: push, workflow_run, deployment_status; others do nothing.' },
  emits: [ReleaseReported],
  proof: {
    header: 'X-Hub-Signature-256',
    says: '`sha256=` and the HMAC-SHA256 of the raw body with the secret of the webhook, in hexadecimal.',
  },
})
@Injectable()
export class GithubHook implements Hook {
  readonly name = 'github';
  readonly keptHeaders = ['x-github-event', 'x-github-delivery', 'content-type'];
  readonly otherTypes = FORM_TYPES;
  private readonly keys: readonly KeyObject[];

  constructor(
    @Inject(REGISTRY_CONFIG) private readonly config: RegistryConfig,
    private readonly imports: ImportPushedLibraries,
    private readonly releases: NoteRelease,
  ) {
    this.keys = config.GITHUB_WEBHOOK_SECRET.map((secret) => createSecretKey(secret, 'utf8'));
  }

  /** Not limited: GitHub does not send again by itself. */
  admit({ headers, body }: HookRequest): Admission {
    const given = headers['x-hub-signature-256'];
    const signature = typeof given === 'string' && given.startsWith(PREFIX) ? given.slice(PREFIX.length) : null;
    if (isSigned(body, signature, this.keys)) {
      return { ok: true, sender: 'github', repeats: 'signed', limited: false, productId: null };
    }
    const detail =
      'X-Hub-Signature-256: expected sha256= and the HMAC-SHA256 of the body with the secret of the webhook.';
    return { ok: false, status: 401, detail };
  }

  async handle({ headers, body, receivedAt, attempts }: Received, tx: Tx): Promise<Outcome> {
    const parsed = await parseBody(headers['content-type'], body, 'payload');
    if (!parsed.ok) return drop(parsed.reason);
    const reading = readGithub(headers['x-github-event'] ?? '', parsed.value, {
      receivedAt,
      releaseWords: this.config.RELEASE_WORKFLOWS,
    });
    if (!reading.ok) return drop(reading.reason);
    const { word } = reading;
    if (word.kind === 'release') await this.releases.note(tx, word.word);
    if (word.kind !== 'push') return done;
    const failure = await this.imports.import(word.push);
    // The host of the library may be away for a moment; what is wrong in it ends as a dead letter, which says so.
    return failure === null ? done : retry(1_000 * 2 ** (attempts - 1), failure);
  }
}
