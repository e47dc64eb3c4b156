import { fileURLToPath } from 'node:url';
import { TASKS } from '../tasks/task';
import { decodePercent } from './parse-percent';
import { splitCredentials } from './source-credentials';
import { LibraryReadError } from './source-error';

/** Where a library is. `label` is how messages call it: as written, without user name and password. */
export type LibrarySource =
  | { readonly kind: 'path'; readonly path: string; readonly label: string }
  /** `page` is the address people open, `url` the one that answers with the Markdown itself. */
  | { readonly kind: 'http'; readonly url: string; readonly page: string; readonly label: string }
  /** No `ref`: the default branch; no `path`: the whole repository. */
  | {
      readonly kind: 'git';
      readonly remote: string;
      readonly ref: string | null;
      readonly path: string | null;
      readonly label: string;
    };

const FORMS =
  'write a path, an https:// address of a Markdown file, or a git repository such as git+https://host/org/repo.git#main:docs/processes.md';
const SCP_LIKE = /^\w[\w.-]*@\w[\w.-]*:(?!\/\/).+$/;
const GIT_PROTOCOLS: ReadonlySet<string> = new Set(['https:', 'http:', 'ssh:', 'file:']);

/**
 * Understands where a library is from what a person wrote: a path or file:// address, an http(s) address of one Markdown
 * file, or a git repository (`git+https://`, `git+ssh://`, `git+file://`, `ssh://`, `https://..../x.git`,
 * `git@host:org/repo.git`), which may end in `#ref`, `#ref:path` or `#:path`. Throws a LibraryReadError otherwise.
 */
export function parseSource(text: string): LibrarySource {
  const written = text.trim();
  if (written === '') throw new LibraryReadError('""', `no library is named: ${FORMS}`);
  if (/[\0\r\n]/.test(written)) throw new LibraryReadError('the library', 'its address has a line break or NUL in it');
  if (SCP_LIKE.test(written)) return gitSource(written, written);
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(written) ?? [];
  if (written === TASKS)
    throw new LibraryReadError(written, `that is how the tasks of the hub are called: write ./${TASKS}`);
  if (scheme === undefined) return { kind: 'path', path: written, label: written };
  const label = withoutCredentials(written);
  const url = toUrl(written.replace(/^git\+/i, ''), label);
  if (/^git\+/i.test(scheme) || scheme.toLowerCase() === 'ssh') return gitSource(written.replace(/^git\+/i, ''), label);
  if (url.protocol === 'file:') return { kind: 'path', path: toPath(url, label), label };
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new LibraryReadError(label, `${scheme}:// is not a way to read a library: ${FORMS}`);
  }
  if (url.pathname.endsWith('.git')) return gitSource(written, label);
  return httpSource(url, label);
}

/** The address of a library's records without their anchors, as far as its source tells one; else null. */
export function baseUrlOf(source: LibrarySource): string | null {
  if (source.kind === 'http') return source.page;
  if (source.kind === 'path') return null;
  const [, repository] =
    /^(?:https:\/\/|ssh:\/\/git@|git@)github\.com[/:]([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(source.remote) ?? [];
  if (repository === undefined) return null;
  const path = source.path === null ? '' : `/${encodeURI(source.path)}`;
  return `https://github.com/${repository}/blob/${encodeURI(source.ref ?? 'HEAD')}${path}`;
}

function gitSource(written: string, label: string): LibrarySource {
  const hash = written.indexOf('#');
  const remote = hash === -1 ? written : written.slice(0, hash);
  const [ref = '', ...rest] = decodePercent(hash === -1 ? '' : written.slice(hash + 1)).split(':');
  const path = rest.join(':').replace(/^(?:\.?\/)+|\/+$/g, '');
  if (remote.includes('://')) {
    const url = toUrl(remote, label);
    if (!GIT_PROTOCOLS.has(url.protocol))
      throw new LibraryReadError(label, `git does not read ${url.protocol}// here: ${FORMS}`);
    if (url.hostname.startsWith('-')) throw new LibraryReadError(label, 'a host name cannot start with a dash');
  }
  if (ref !== '' && !isRef(ref)) {
    throw new LibraryReadError(label, `"${ref}" is no branch, tag or commit: write #main, or #main:docs/processes.md`);
  }
  if (path.startsWith('-') || path.split('/').includes('..') || /\p{Cc}/u.test(path)) {
    throw new LibraryReadError(label, `"${path}" is no path inside a repository: write #main:docs/processes.md`);
  }
  return { kind: 'git', remote, ref: ref === '' ? null : ref, path: path === '' ? null : path, label };
}

/** Nothing that git would take for an option or for more than one ref. */
function isRef(ref: string): boolean {
  return /^[\p{L}\p{N}_][\p{L}\p{N}_./@+-]*$/u.test(ref) && !ref.includes('..') && !ref.includes('@{');
}

function httpSource(url: URL, label: string): LibrarySource {
  url.hash = '';
  const [, owner, repository, rest] = /^\/([^/]+)\/([^/]+)\/(?:blob|raw)\/(.+)$/.exec(url.pathname) ?? [];
  const { url: page } = splitCredentials(url.href);
  if (url.hostname === 'github.com' && owner !== undefined && repository !== undefined && rest !== undefined) {
    page.search = '';
    const raw = `https://raw.githubusercontent.com/${owner}/${repository}/${rest}`;
    return { kind: 'http', url: raw, page: page.href, label };
  }
  return { kind: 'http', url: url.href, page: page.href, label };
}

function toUrl(text: string, label: string): URL {
  try {
    return new URL(text);
  } catch {
    throw new LibraryReadError(label, `this is not a complete address: ${FORMS}`);
  }
}

function toPath(url: URL, label: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    throw new LibraryReadError(label, 'a file address names a path on this machine: write file:///srv/processes.md');
  }
}

function withoutCredentials(address: string): string {
  return address.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1');
}
