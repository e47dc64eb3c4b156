import { type Doors } from '../story/doors';
import { type Droplet } from './droplet';

/** What all tests of the deployment share: one droplet, for it takes minutes to make. */
export interface Stand {
  readonly droplet: Droplet;
  /** The public doors of what runs on it, once it runs. */
  readonly doors: () => Doors;
}

/** The last line that a program said. */
export function lastLine(said: string): string {
  return said.trim().split('\n').at(-1) ?? '';
}
