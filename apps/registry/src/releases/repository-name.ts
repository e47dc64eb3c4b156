const SCP_LIKE = /^(?:[\w.-]+@)?([\w.-]+):(?!\/\/)(.+)$/;

/**
 * Which repository an address means, however it is written: `https://github.com/Acme/Lugha.git` and
 * `git@github.com:acme/lugha` are both `github.com/acme/lugha`.
 * @returns null for what names no repository of an owner at a host
 */
export function repositoryOf(address: string): string | null {
  const written = address.trim().replace(/^git\+/i, '');
  const [, host, path] = SCP_LIKE.exec(written) ?? fromUrl(written) ?? [];
  if (host === undefined || path === undefined) return null;
  const [owner, name] = path.replace(/^\/+/, '').split('/');
  const repository = name?.replace(/\.git$/i, '');
  if (!owner || !repository) return null;
  return `${host}/${owner}/${repository}`.toLowerCase();
}

function fromUrl(written: string): [string, string, string] | null {
  try {
    const { hostname, pathname, protocol } = new URL(written);
    return /^(https?|ssh|git):$/.test(protocol) ? [written, hostname, decodeURIComponent(pathname)] : null;
  } catch {
    return null;
  }
}
