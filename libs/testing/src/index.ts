export * from './chromium';
export { eventually } from './eventually';
export * from './fake-telegram';
export { type Clock, MovableClock } from './movable-clock';
export { findNatsServer, type NatsServer, type NatsServerOptions, startNatsServer } from './nats-server';
export { alice, bob, carol, mallory, type TestPerson } from './people';
export { copyOfDatabase, testDatabase, type TestDatabase } from './postgres';
export { pictureOf, whatBreaks } from './schema-changes';
export { type ServiceCommand, type SpawnedService, spawnService } from './spawned-service';
