import { type Api, type Environment } from './api';
import { type ExitCode } from './exit-codes';
import { type Printer } from './printer';

/** An option of a command. */
export interface Option {
  readonly says: string;
  /** What stands for its value in the help; without it the option is a switch. */
  readonly value?: string;
  /** It may be given several times. */
  readonly multiple?: true;
  /** The only values there are. */
  readonly oneOf?: readonly string[];
}

/** What a command was called with. */
export interface Call {
  readonly api: Api;
  readonly print: Printer;
  readonly environment: Environment;
  /** The arguments, as many as the command states. */
  readonly args: readonly string[];
  readonly text: (option: string) => string | undefined;
  readonly texts: (option: string) => readonly string[];
  readonly isOn: (option: string) => boolean;
}

/** One line of the table of commands. */
export interface Command {
  /** One word, or two such as `audit verify`. */
  readonly name: string;
  readonly says: string;
  /** Names of its arguments; one in brackets, as `[ID]`, may be left out. */
  readonly args?: readonly string[];
  readonly options?: Readonly<Record<string, Option>>;
  /** Nothing to return when all went well. */
  readonly run: (call: Call) => Promise<ExitCode | void>;
}
