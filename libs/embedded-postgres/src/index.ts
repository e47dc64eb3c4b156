export { startEmbeddedPostgres, type EmbeddedPostgres, type EmbeddedPostgresOptions } from './start-embedded-postgres';
export { spawnTethered, type Tethered, type TetherOptions } from './tethered-process';
