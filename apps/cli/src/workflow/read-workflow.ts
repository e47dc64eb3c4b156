import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node, type Pair, visit } from 'yaml';

/** Commands of a workflow, and where they run. */
export interface Script {
  /** On another machine nothing ends a script at its first failure, unless the script says so. */
  readonly runs: 'here' | 'elsewhere';
  readonly lines: readonly string[];
  /** Line of the file on which the first one stands, from 1. */
  readonly from: number;
}

/** What is looked at in a workflow. */
export interface Workflow {
  readonly scripts: readonly Script[];
  /** What stands behind each `uses:`. */
  readonly actions: readonly { readonly uses: string; readonly line: number }[];
}

/** @throws Error with the place where it is no YAML */
export function readWorkflow(text: string): Workflow {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const [fault] = document.errors;
  if (fault !== undefined) throw new Error(fault.message);
  const scripts: Script[] = [];
  const actions: { uses: string; line: number }[] = [];
  visit(document, {
    Pair(_, pair) {
      const found = textOf(pair);
      if (found === null) return;
      const line = counter.linePos(found.start).line;
      if (found.key === 'uses') actions.push({ uses: found.text, line });
      else scripts.push(...scriptsOf(found.key === 'run' ? 'here' : 'elsewhere', found, line));
    },
  });
  return { scripts, actions };
}

interface Found {
  readonly key: string;
  readonly text: string;
  readonly start: number;
  /** Its first line stands below the line on which it is said to be one. */
  readonly isBlock: boolean;
}

/** The value of `run`, `uses`, or of what actions for ssh call their script. */
function textOf({ key, value }: Pair<unknown, unknown>): Found | null {
  if (!isScalar(key) || !['run', 'uses', 'script'].includes(String(key.value))) return null;
  const node = value as Node | null;
  if (isMap(node) || isSeq(node) || !isScalar(node) || typeof node.value !== 'string') return null;
  const isBlock = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED';
  return { key: String(key.value), text: node.value, start: node.range?.[0] ?? 0, isBlock };
}

/** The script itself, and what it gives to other machines as text. */
function scriptsOf(runs: Script['runs'], { text, isBlock }: Found, line: number): Script[] {
  const lines = text.split('\n');
  const from = isBlock ? line + 1 : line;
  return [{ runs, lines, from }, ...hereDocuments(lines, from)];
}

function hereDocuments(lines: readonly string[], from: number): Script[] {
  return lines.flatMap((line, at) => {
    const end = /\bssh\b.*<<-?\s*(['"]?)(\w+)\1/.exec(line)?.[2];
    if (end === undefined) return [];
    const body = lines.slice(at + 1);
    const length = body.findIndex((each) => each.trim() === end);
    return [{ runs: 'elsewhere' as const, lines: length < 0 ? body : body.slice(0, length), from: from + at + 1 }];
  });
}
