export { configuration as natsConfiguration, findNatsServer, startNatsServer } from './nats-server';
export { type NatsServer, type NatsServerOptions } from './nats-server';
export { type Clock, MovableClock } from './movable-clock';
export { alice, bob, carol, mallory, type TestPerson } from './people';
export { testDatabase, type TestDatabase } from './postgres';
export * from './fake-telegram';
