export * from './event.js';
export * from './events/index.js';
export * from './http/library.http.js';
export * from './http/notifier.http.js';
export * from './http/people.http.js';
export * from './http/problem.js';
export * from './http/processes.http.js';
export * from './scalars.js';
