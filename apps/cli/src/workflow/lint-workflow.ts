import { readWorkflow, type Script } from './read-workflow';

/** One thing that may go wrong, and what to do instead. */
export interface Finding {
  readonly line: number;
  readonly says: string;
}

/** A command of a script, without what is said of it. */
interface Line {
  readonly text: string;
  readonly line: number;
}

type Rule = (lines: readonly Line[], script: Script) => Finding[];

const COMPOSE = /\bdocker[ -]compose\b/;

/**
 * What is dangerous in a workflow of GitHub Actions that deploys, in the order of its lines.
 * @throws Error where the text is no YAML
 */
export function lintWorkflow(text: string): Finding[] {
  const { scripts, actions } = readWorkflow(text);
  const ofScripts = scripts.flatMap((script) => RULES.flatMap((rule) => rule(commandsOf(script), script)));
  return [...actions.flatMap(unpinned), ...ofScripts].sort((a, b) => a.line - b.line);
}

function commandsOf({ lines, from }: Script): Line[] {
  return lines
    .map((text, at) => ({ text: text.trim(), line: from + at }))
    .filter(({ text }) => text !== '' && !text.startsWith('#'));
}

/** `@v4` is whatever its owner makes of it tomorrow. */
function unpinned({ uses, line }: { uses: string; line: number }): Finding[] {
  if (uses.startsWith('./') || /@([0-9a-f]{40}|sha256:[0-9a-f]{64})$/.test(uses)) return [];
  return [{ line, says: `${uses} may be another one tomorrow: pin it by the 40 digits of a commit` }];
}

function stopsAtFailure(lines: readonly Line[]): boolean {
  return lines.some(({ text }) => /^set\s+(-\w*e|-o\s+errexit)/.test(text));
}

const goesOn: Rule = (lines, { runs }) => {
  const [first] = lines;
  if (runs === 'here' || first === undefined || lines.length < 2 || stopsAtFailure(lines)) return [];
  return [{ line: first.line, says: 'goes on after a command that failed: begin with set -Eeuo pipefail' }];
};

/** What ran is gone before it is known whether anything takes its place. */
const downFirst: Rule = (lines) => {
  const down = lines.findIndex(({ text }) => COMPOSE.test(text) && /\bdown\b/.test(text));
  const made = (text: string): boolean => COMPOSE.test(text) && /\b(build|pull|up)\b/.test(text);
  if (down < 0 || !lines.slice(down + 1).some(({ text }) => made(text))) return [];
  const says = 'stops what runs before the new one is built: build or pull first, then up -d, without down';
  return [{ line: lines[down]!.line, says }];
};

const HARMLESS = /^["']?(\/tmp\/|\.?\/?(node_modules|dist|build|coverage|\.cache)\b)/;

const removesCopy: Rule = (lines) =>
  lines.flatMap(({ text, line }) => {
    const target = /\brm\s+(?:-\S+\s+)*-\w*[rR]\w*\s+(?:-\S+\s+)*(\S+)/.exec(text)?.[1];
    if (target === undefined || HARMLESS.test(target)) return [];
    return [
      { line, says: `removes ${target}, which may be the copy that runs: put the new one beside it, then switch` },
    ];
  });

const stopsEverything: Rule = (lines) =>
  lines.flatMap(({ text, line }) =>
    /\bdocker\s+(container\s+)?(stop|kill|rm)\b.*(\$\(|`)\s*docker\s+(container\s+)?(ps|ls)\b/.test(text)
      ? [{ line, says: 'stops every container of the machine, whosever they are: name the service' }]
      : [],
  );

/** Into a file or another program it does not reach the log. */
const saysSecret: Rule = (lines) =>
  lines.flatMap(({ text, line }) =>
    /\b(echo|printf)\b[^|>]*\$\{\{\s*secrets\./.test(text) && !/\$\{\{\s*secrets\.[^}]*\}\}[^|>]*[|>]/.test(text)
      ? [{ line, says: 'writes a secret into the log: what hides it there fails for a part or another form of it' }]
      : [],
  );

const hidesFailure: Rule = (lines) =>
  lines.flatMap(({ text, line }) =>
    COMPOSE.test(text) && /\|\|\s*(true|:|echo\b.*)\s*$/.test(text)
      ? [{ line, says: 'takes a failure for a success: leave out what stands behind ||' }]
      : [],
  );

/** The status of a script is that of its last command. */
const alwaysSucceeds: Rule = (lines, { runs }) => {
  const last = lines.at(-1);
  if (last === undefined || lines.length < 2 || !/^(echo|printf)\b/.test(last.text)) return [];
  if (stopsAtFailure(lines) || runs === 'here') return [];
  return [
    { line: last.line, says: 'ends with a message, and so with success whatever happened: set -e, or check what runs' },
  ];
};

const RULES: readonly Rule[] = [
  ...[goesOn, downFirst, removesCopy, stopsEverything, saysSecret, hidesFailure, alwaysSucceeds],
];
