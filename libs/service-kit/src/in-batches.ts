/**
 * Takes batch after batch until one is not full: then nothing more is due that no other replica has in hand. Its cost
 * follows what is due, not what exists.
 * @param size of a full batch: few enough that another replica gets a share, and that a shutdown waits for little
 * @param mayGoOn asked before each batch
 * @param take takes one, in a transaction of its own, and returns how many rows it had
 * @returns how many rows were taken in all
 */
export async function inBatches(size: number, mayGoOn: () => boolean, take: () => Promise<number>): Promise<number> {
  let total = 0;
  for (let taken = size; taken === size && mayGoOn(); total += taken) taken = await take();
  return total;
}
