import { type LibrarySource } from '../library/source-address';
import { repositoryOf } from './repository-name';

/** What was pushed. */
export interface Push {
  /** As `repositoryOf` writes it. */
  readonly repository: string;
  /** The branch or tag. */
  readonly ref: string;
  readonly defaultBranch: string;
  /** Every path that was added, changed or removed; null where the push does not tell all of them. */
  readonly paths: readonly string[] | null;
}

const RAW = 'https://raw.githubusercontent.com/';

/** Whether what a library says can be another after this push. A library of a path on this machine is never known. */
export function touchesLibrary(push: Push, source: LibrarySource): boolean {
  if (source.kind === 'git') return touchesCheckout(push, source);
  return source.kind === 'http' && touchesFile(push, source.url);
}

function touchesCheckout(push: Push, { remote, ref, path }: LibrarySource & { kind: 'git' }): boolean {
  if (repositoryOf(remote) !== push.repository || push.ref !== (ref ?? push.defaultBranch)) return false;
  if (path === null || push.paths === null) return true;
  return push.paths.some((changed) => changed === path || changed.startsWith(`${path}/`));
}

/** The address has branch and path in one, and either may have slashes. */
function touchesFile(push: Push, url: string): boolean {
  if (!url.startsWith(RAW)) return false;
  const [owner, name, ...rest] = decodeURIComponent(url.slice(RAW.length)).split('/');
  if (`github.com/${owner}/${name}`.toLowerCase() !== push.repository) return false;
  const file = rest.join('/').replace(/^refs\/(?:heads|tags)\//, '');
  const refs = push.ref === push.defaultBranch ? [push.ref, 'HEAD'] : [push.ref];
  return refs.some((ref) =>
    push.paths === null ? file.startsWith(`${ref}/`) : push.paths.some((path) => file === `${ref}/${path}`),
  );
}
