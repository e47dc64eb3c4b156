import type { Token } from './parse-markdown';

/**
 * Whether a fence or comment swallows what was not meant for it, in words for its author, or null.
 *
 * Markdown closes both silently at the end of the file; here that would hide, and so retire, every process below.
 */
export function findUnclosed(token: Token): string | null {
  if (token.type === 'fence') return unclosedFence(token);
  if (token.type !== 'html_block') return null;
  const isOpen = /^\s*<!--/.test(token.content) && !token.content.includes('-->');
  return isOpen ? 'this comment never closes and hides the rest of the file: close it with -->' : null;
}

function unclosedFence(fence: Token): string | null {
  const name = `this ${fence.markup}${fence.info.trim()} fence`;
  const [start, end] = fence.map ?? [0, 0];
  const inside = fence.content.split('\n');
  const height = fence.content.endsWith('\n') ? inside.length - 1 : fence.content === '' ? 0 : inside.length;
  if (end - start < height + 2) return `${name} never closes: close it with a line of ${fence.markup}`;
  const next = inside.findIndex((line) => opensFence(line, fence.markup));
  if (next === -1) return null;
  return `${name} is still open at line ${start + next + 2}, where the next one opens: close it with a line of ${fence.markup}`;
}

/** A line such as "```mermaid" inside a fence of backticks: the end mark of the fence around it was forgotten. */
function opensFence(line: string, markup: string): boolean {
  const [, marker = '', info = ''] = /^ {0,3}(`{3,}|~{3,})\s*(.*)$/.exec(line) ?? [];
  return marker[0] === markup[0] && marker.length >= markup.length && /^[A-Za-z][^`]*$/.test(info);
}
