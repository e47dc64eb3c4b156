/**
 * What `work` comes to, unless that takes longer; then nobody waits for it any more.
 * @param giveUp is called when it takes longer
 * @throws what `work` throws, or, as an operational error, that there was no answer
 */
export async function within<T>(ms: number, work: Promise<T>, giveUp: () => void = () => undefined): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      giveUp();
      reject(new Error(`Connection terminated: no answer within ${ms} ms`));
    }, ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
