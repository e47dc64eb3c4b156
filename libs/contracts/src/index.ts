export * from './event';
export * from './events/index';
export * from './http/library.http';
export * from './http/notifier.http';
export * from './http/people.http';
export * from './http/problem';
export * from './http/processes.http';
export * from './scalars';
