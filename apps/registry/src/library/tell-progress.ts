import { type ImportProgress } from '@recert/contracts';

/** Hears how far an import is. With one number left out, the step has none. */
export type TellProgress = (step: ImportProgress['step'], done?: number, of?: number) => void;

/** Where nobody watches. */
export const untold: TellProgress = () => undefined;
