export { type Update, type User } from './api-types';
export { type CallbackAnswer } from './callback-queries';
export { type ChatMessage } from './chat-store';
export { type FakeGroup } from './fake-group';
export { type FakeTelegram, type FakeTelegramOptions, startFakeTelegram } from './fake-telegram';
export { type FakeUser, type Press } from './fake-user';
export { type FaultKind, type FaultOptions } from './faults';
export { type Flood, type FloodLimits } from './flood-limits';
export { type Call } from './http-front';
