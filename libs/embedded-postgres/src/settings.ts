/** A server for one process and its few pools: small in memory, few processes, and every commit on the disk. */
export const defaultSettings: Readonly<Record<string, string>> = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  max_connections: '60',
  shared_buffers: '16MB',
  huge_pages: 'off',
  work_mem: '4MB',
  maintenance_work_mem: '32MB',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  // After a crash one call for the whole file system instead of one a file: a start in a third of a second, not three.
  ...(process.platform === 'linux' ? { recovery_init_sync_method: 'syncfs' } : {}),
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_replication_slots: '0',
  wal_buffers: '1MB',
  min_wal_size: '32MB',
  max_wal_size: '512MB',
  // The workers below are processes that would only wait: I/O is done by whoever needs it, queries use one core.
  io_method: 'sync',
  max_worker_processes: '1',
  max_parallel_workers: '0',
  max_parallel_workers_per_gather: '0',
  max_parallel_maintenance_workers: '0',
  max_logical_replication_workers: '0',
  autovacuum: 'on',
  autovacuum_max_workers: '1',
  autovacuum_worker_slots: '1',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
};

/** `-c name=value` for each setting; a caller's value wins over ours. */
export function settingArguments(settings: Readonly<Record<string, string>>): string[] {
  return Object.entries({ ...defaultSettings, ...settings }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
