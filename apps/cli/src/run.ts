import { type Problem } from '@recert/contracts';
import { parseArgs } from 'node:util';
import { Api, type Environment, RefusedError } from './api';
import { type Call, type Command, type Option } from './command';
import { commands } from './commands';
import { EXIT, type ExitCode, FailedError, UnreachableError, UsageError } from './exit-codes';
import { type Output, Printer } from './printer';
import { help, helpOf, synopsis } from './usage';

type Values = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

/**
 * Runs one command line.
 * @param argv without the program itself
 * @returns the exit status: 0 done, 1 refused or failed, 2 wrong usage, 3 the service does not answer
 */
export async function run(argv: readonly string[], environment: Environment, output: Output): Promise<ExitCode> {
  const print = new Printer(output, argv.includes('--json'));
  if (argv.length === 0 || argv[0] === 'help' || argv[0] === '--help' || argv[0] === '-h') {
    output.stdout.write(`${help(commands)}\n`);
    return argv.length === 0 ? EXIT.usage : EXIT.ok;
  }
  const command = find(argv);
  try {
    if (command === undefined) throw new UsageError(whyNoCommand(argv[0]!));
    if (argv.includes('--help') || argv.includes('-h')) {
      output.stdout.write(`${helpOf(command)}\n`);
      return EXIT.ok;
    }
    const { values, args } = parse(command, argv.slice(command.name.split(' ').length));
    return (await command.run(callOf({ api: Api.from(environment), print, environment, args }, values))) ?? EXIT.ok;
  } catch (error) {
    return explain(error, command, print);
  }
}

/** `dead-letters replay` before `dead-letters`. */
function find(argv: readonly string[]): Command | undefined {
  const named = (words: number): Command | undefined =>
    commands.find(({ name }) => name === argv.slice(0, words).join(' '));
  return named(2) ?? named(1);
}

function whyNoCommand(word: string): string {
  const longer = commands.filter(({ name }) => name.startsWith(`${word} `)).map(({ name }) => `recert ${name}`);
  if (longer.length > 0) return `"${word}" is not a whole command: write ${longer.join(' or ')}`;
  return `there is no command "${word}": recert --help lists all`;
}

function parse(command: Command, argv: readonly string[]): { values: Values; args: string[] } {
  const options = command.options ?? {};
  const known = Object.entries(options).map(([name, { value, multiple = false }]) => {
    return [name, { type: value === undefined ? 'boolean' : 'string', multiple }] as const;
  });
  const parsed = parsedOf([...argv], { ...Object.fromEntries(known), json: { type: 'boolean' } });
  const { values, positionals: args } = parsed;
  for (const [name, option] of Object.entries(options)) check(name, option, values[name]);
  const stated = command.args ?? [];
  const missing = stated.filter((arg) => !arg.startsWith('['))[args.length];
  if (missing !== undefined) throw new UsageError(`${missing} is missing`);
  if (args.length > stated.length) throw new UsageError(`"${args[stated.length]}" is too much`);
  return { values, args };
}

function parsedOf(args: string[], options: Record<string, { type: 'string' | 'boolean'; multiple?: boolean }>) {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function check(name: string, { oneOf }: Option, value: Values[string]): void {
  if (value === undefined || oneOf === undefined || oneOf.includes(String(value))) return;
  throw new UsageError(`--${name} "${String(value)}" is not one of ${oneOf.join(', ')}`);
}

function callOf(given: Pick<Call, 'api' | 'print' | 'environment' | 'args'>, values: Values): Call {
  const text = (option: string): string | undefined => {
    const value = values[option];
    return typeof value === 'string' ? value : undefined;
  };
  const texts = (option: string): string[] => [values[option] ?? []].flat().map(String);
  return { ...given, text, texts, isOn: (option) => values[option] === true };
}

function explain(error: unknown, command: Command | undefined, print: Printer): ExitCode {
  if (error instanceof UsageError) {
    print.complaint(`recert: ${error.message}`);
    if (command) print.complaint(`usage: ${synopsis(command)}`);
    return EXIT.usage;
  }
  if (error instanceof UnreachableError) {
    print.complaint(error.message);
    return EXIT.unreachable;
  }
  if (error instanceof FailedError) {
    for (const line of error.message.split('\n')) print.complaint(line);
    return EXIT.refused;
  }
  if (!(error instanceof RefusedError)) throw error;
  for (const line of refusal(error.problem)) print.complaint(line);
  return EXIT.refused;
}

function refusal({ status, detail, errors = [] }: Problem): string[] {
  const lines = errors.map(({ field, message, file, line }) => {
    const place = [file, line].filter((part) => part !== undefined).join(':');
    return `  ${place || field}: ${message}`;
  });
  const hint = status === 401 ? ['Set RECERT_TOKEN, or RECERT_ADMIN_TOKEN as the service has it.'] : [];
  return [`Refused (${status}): ${detail}`, ...lines, ...hint];
}
