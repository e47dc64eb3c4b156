import { spawn, type ChildProcess } from 'node:child_process';
import type { ReadLimits } from './read-library';
import type { LibrarySource } from './source-address';
import { splitCredentials } from './source-credentials';
import { detailsOf, LibraryReadError } from './source-error';

type GitSource = Extract<LibrarySource, { kind: 'git' }>;

const LISTING_BYTES = 64 * 1024 * 1024;
const COMPLAINT_BYTES = 64 * 1024;
const INHERITED =
  /^(?:PATH|HOME|USER|LOGNAME|TMPDIR|SSH_AUTH_SOCK|GIT_SSH|GIT_SSH_COMMAND|XDG_CONFIG_HOME|SSL_CERT_FILE|SSL_CERT_DIR|GIT_SSL_CAINFO|(?:https?|all|no)_proxy)$/i;
// Should this service die meanwhile, a git that waits for a silent server ends by itself.
const SETTINGS = [
  'core.askPass=',
  'http.lowSpeedLimit=1',
  'http.lowSpeedTime=60',
  'gc.auto=0',
  'maintenance.auto=false',
];
const SSH = 'ssh -o BatchMode=yes -o ConnectTimeout=30 -o ServerAliveInterval=15';

/** The git program, at work in one bare repository for one library, for no longer than the limits allow. */
export class Git {
  private readonly deadline: number;
  private readonly environment: Record<string, string>;
  private readonly remote: string;

  constructor(
    private readonly source: GitSource,
    private readonly limits: ReadLimits,
    private readonly directory: string,
  ) {
    this.deadline = performance.now() + limits.timeoutMs;
    const { remote, settings } = withoutPassword(source.remote);
    this.remote = remote;
    this.environment = { ...gitEnvironment(limits.environment), ...settings, GIT_DIR: directory };
  }

  /** Brings the one commit of the source, as `FETCH_HEAD`. */
  async fetch(): Promise<void> {
    await this.run(['fetch', '--quiet', '--depth', '1', '--no-tags', '--', this.remote, this.source.ref ?? 'HEAD']);
  }

  /** Runs git without a shell and answers what it prints; what it complains about becomes a LibraryReadError. */
  run(args: readonly string[], input = '', maxBytes = LISTING_BYTES): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const settings = SETTINGS.flatMap((setting) => ['-c', setting]);
      // A group of its own: git works through other programs, which outlive it unless all are ended together.
      const options = { cwd: this.directory, env: this.environment, detached: true } as const;
      const child = spawn('git', [...settings, ...args], options);
      const fail = (reason: string): void => {
        killGroup(child);
        reject(new LibraryReadError(this.source.label, reason));
      };
      const killAtExit = (): void => killGroup(child);
      process.once('exit', killAtExit);
      const timer = setTimeout(() => fail(this.tooSlow()), Math.max(0, this.deadline - performance.now()));
      const printed = collect(child.stdout, maxBytes, () =>
        fail('the repository has too many files: name a folder, such as #main:docs'),
      );
      const complaint = collect(child.stderr, COMPLAINT_BYTES);
      child.on('error', (error) => fail(notStarted(error)));
      child.on('close', (code) => {
        clearTimeout(timer);
        process.removeListener('exit', killAtExit);
        if (code === 0) resolve(Buffer.concat(printed));
        else fail(this.reason(Buffer.concat(complaint).toString('utf8')));
      });
      // A git that ended early has closed its side: its complaint says why, not our broken pipe.
      child.stdin.on('error', () => undefined);
      child.stdin.end(input);
    });
  }

  private tooSlow(): string {
    return `git did not finish within ${this.limits.timeoutMs / 1000} seconds: try again later`;
  }

  private reason(complaint: string): string {
    if (/couldn't find remote ref/i.test(complaint)) {
      return `the repository has no branch, tag or full commit id "${this.source.ref ?? 'HEAD'}"`;
    }
    const lines = complaint.split('\n').filter((line) => line.trim() !== '');
    const said = lines
      .slice(0, 3)
      .join(' / ')
      .replace(/:\/\/[^/\s'"]*@/g, '://');
    return `git says: ${said || 'nothing'}; can this service reach and read the repository?`;
  }
}

function collect(stream: NodeJS.ReadableStream, maxBytes: number, tooMuch?: () => void): Buffer[] {
  const chunks: Buffer[] = [];
  let length = 0;
  stream.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length <= maxBytes) chunks.push(chunk);
    else tooMuch?.();
  });
  return chunks;
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}

function notStarted(error: unknown): string {
  const { code, message } = detailsOf(error);
  return code === 'ENOENT'
    ? 'git is not installed here: install it, or import the library as a folder or https file'
    : `git cannot be started (${message})`;
}

/** What git needs to reach a server, and that it must never wait for somebody to type. */
function gitEnvironment(given: ReadLimits['environment']): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(given))
    if (value !== undefined && INHERITED.test(name)) kept[name] = value;
  return {
    GIT_SSH_COMMAND: SSH,
    ...kept,
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOW_PROTOCOL: 'https:http:ssh:file',
    LC_ALL: 'C',
  };
}

/** A password in an address would stand in the list of processes, for everybody on the machine; settings do not. */
function withoutPassword(remote: string): { remote: string; settings: Record<string, string> } {
  if (!/^https?:/i.test(remote)) return { remote, settings: {} };
  const { url, authorization } = splitCredentials(remote);
  if (authorization === null) return { remote, settings: {} };
  const settings = {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${url.origin}/.extraHeader`,
    GIT_CONFIG_VALUE_0: `Authorization: ${authorization}`,
  };
  return { remote: url.href, settings };
}
