import { type Command, type Option } from './command';

/** `recert ask [ID] [--all] [--section SECTION]` */
export function synopsis({ name, args = [], options = {} }: Command): string {
  return ['recert', name, ...args, ...Object.entries(options).map(optionText)].join(' ');
}

export function helpOf(command: Command): string {
  const options = Object.entries({ ...command.options, json: { says: 'for scripts: the answer as JSON' } });
  const lines = options.map(([name, option]) => `  ${flagText(name, option).padEnd(20)}${option.says}`);
  return [`${synopsis(command)}`, '', `${command.says}.`, '', ...lines].join('\n');
}

export function help(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name, args = [] }) => [name, ...args].join(' ').length));
  return [
    'recert: the HTTP API of Recert for a terminal and for scripts',
    '',
    ...commands.map(({ name, args = [], says }) => `  ${[name, ...args].join(' ').padEnd(width)}  ${says}`),
    '',
    '  --json   for scripts: the answer as JSON       --help   with a command: its options',
    '',
    'RECERT_URL    where Recert runs (default http://127.0.0.1:3000)',
    'RECERT_TOKEN  an API token; without it RECERT_ADMIN_TOKEN is used',
    '',
    'Exit status: 0 done, 1 refused or failed, 2 wrong usage, 3 the service does not answer.',
  ].join('\n');
}

function optionText([name, option]: [string, Option]): string {
  return `[${flagText(name, option)}]${option.multiple ? '..' : ''}`;
}

function flagText(name: string, { value }: Option): string {
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}
