/* global jest */
// Real servers on a busy machine: a test may take long, and fails for what it finds, not for when.
jest.setTimeout(60_000);
