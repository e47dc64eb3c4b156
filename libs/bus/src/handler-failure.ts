/**
 * What handlers threw, by the delivery that they threw it at: Nest makes "Internal server error" of it on the way out
 * unless the application has an exception filter that does not, and the consumer must know a lost connection from a
 * defect. Not an AsyncLocalStorage: with one every promise of the process costs more.
 */
const thrown = new WeakMap<object, { readonly error: unknown }>();

/** Runs `call`, and rejects with what the handler of `delivery` threw rather than with what became of that. */
export async function withOriginalError<T>(delivery: object, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const original = thrown.get(delivery);
    throw original === undefined ? error : original.error;
  }
}

/** The handler, with what it throws kept for `withOriginalError`. */
export function keepingError<This, Data, Delivery extends object, Result>(
  handler: (this: This, data: Data, delivery: Delivery) => Promise<Result>,
): (this: This, data: Data, delivery: Delivery) => Promise<Result> {
  return async function (this: This, data: Data, delivery: Delivery): Promise<Result> {
    try {
      return await handler.call(this, data, delivery);
    } catch (error) {
      // A caller of the method itself, such as a test, may leave the delivery out.
      if (typeof delivery === 'object' && delivery !== null) thrown.set(delivery, { error });
      throw error;
    }
  };
}
