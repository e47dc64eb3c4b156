export * from './asking';
export * from './decide-process';
export * from './escalation';
export * from './evolve-process';
export * from './period';
export * from './process';
export * from './zoned-time';
export * from './week-time';
