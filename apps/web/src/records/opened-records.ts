/** Records that were looked at here, so that an answer can say so: as long as the tab is open. */
const opened = new Set<string>();

export function noteOpened(processId: string): void {
  opened.add(processId);
}

export function wasOpened(processId: string): boolean {
  return opened.has(processId);
}
