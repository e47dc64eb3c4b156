import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Draws that are the same for the same seed, in the order in which they are asked for. */
export class SeededRandom {
  private readonly generator;

  /** @param seed a 32 bit integer */
  constructor(readonly seed: number) {
    this.generator = xoroshiro128plus(seed);
  }

  /** An integer from `from` up to and with `to`. */
  between(from: number, to: number): number {
    return uniformInt(this.generator, from, to);
  }

  /** True in `share` of the cases, 0 to 1, to a millionth. */
  chance(share: number): boolean {
    return this.between(1, 1_000_000) <= share * 1_000_000;
  }

  one<T>(list: readonly T[]): T {
    if (list.length === 0) throw new Error('nothing to draw from');
    return list[this.between(0, list.length - 1)]!;
  }

  /** The same ones in another order. */
  shuffled<T>(list: readonly T[]): T[] {
    const left = [...list];
    return list.map(() => left.splice(this.between(0, left.length - 1), 1)[0]!);
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.between(0, 255)));
  }

  /** Draws of its own, so that one part of a test draws the same whatever the others draw. */
  branch(): SeededRandom {
    return new SeededRandom(this.between(-0x8000_0000, 0x7fff_ffff));
  }
}
