import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * Carries what a handler threw past Nest, which makes "Internal server error" of it unless the application has an
 * exception filter that does not: the consumer must know a lost connection from a defect.
 */
const calls = new AsyncLocalStorage<{ thrown?: { error: unknown } }>();

/**
 * Runs `call`, and rejects with what the handler in it threw rather than with what became of that on the way out.
 */
export async function withOriginalError<T>(call: () => Promise<T>): Promise<T> {
  const kept: { thrown?: { error: unknown } } = {};
  return calls.run(kept, async () => {
    try {
      return await call();
    } catch (error) {
      throw kept.thrown === undefined ? error : kept.thrown.error;
    }
  });
}

/** The handler, with what it throws kept for `withOriginalError`. */
export function keepingError<This, Arguments extends unknown[], Result>(
  handler: (this: This, ...given: Arguments) => Promise<Result>,
): (this: This, ...given: Arguments) => Promise<Result> {
  return async function (this: This, ...given: Arguments): Promise<Result> {
    try {
      return await handler.apply(this, given);
    } catch (error) {
      const kept = calls.getStore();
      if (kept !== undefined) kept.thrown = { error };
      throw error;
    }
  };
}
