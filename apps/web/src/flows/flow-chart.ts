import { type Schema } from '../api/client';

type Task = Pick<Schema<'TaskView'>, 'id' | 'name' | 'service' | 'trigger' | 'emits'>;

/** So many subjects stand on an arrow; the others are counted. */
const MOST_ON_ARROW = 3;

/** What is drawn for whom: every service as one box, or the tasks of one. */
export function flowChart(tasks: readonly Task[], service: string | null): string {
  return service === null ? overview(tasks) : within(tasks, service);
}

/** A box for each service and each task outside; an arrow where one says what another hears. */
function overview(tasks: readonly Task[]): string {
  const boxes = new Map<string, string>();
  const arrows = new Map<string, { from: string; to: string; subjects: Set<string> }>();
  for (const task of tasks) boxes.set(boxOf(task), task.service === 'outside' ? task.name : task.service);
  const says = subjectsOf(tasks, ({ emits }) => emits);
  const hears = subjectsOf(tasks, ({ trigger }) => ('event' in trigger ? [trigger.event] : []));
  for (const [subject, speakers] of says) {
    for (const from of speakers) {
      for (const to of hears.get(subject) ?? []) {
        if (from === to) continue;
        const arrow = arrows.get(`${from} ${to}`) ?? { from, to, subjects: new Set() };
        arrow.subjects.add(subject);
        arrows.set(`${from} ${to}`, arrow);
      }
    }
  }
  return chart([
    ...[...boxes].map(([key, name]) => `  ${idOf(key)}[${label(name)}]`),
    ...[...arrows.values()].map(
      ({ from, to, subjects }) => `  ${idOf(from)} -->|${label(some([...subjects].sort()))}| ${idOf(to)}`,
    ),
  ]);
}

/** Each task of a service, what makes it run, and what it says. */
function within(tasks: readonly Task[], service: string): string {
  const lines = new Set<string>();
  for (const { id, name, trigger, emits } of tasks.filter((task) => task.service === service)) {
    lines.add(`  ${idOf(id)}[${label(name)}]`);
    if ('event' in trigger) {
      lines.add(`  ${idOf(`on ${trigger.event}`)}([${label(trigger.event)}])`);
      lines.add(`  ${idOf(`on ${trigger.event}`)} --> ${idOf(id)}`);
    }
    for (const subject of emits) {
      lines.add(`  ${idOf(`on ${subject}`)}([${label(subject)}])`);
      lines.add(`  ${idOf(id)} --> ${idOf(`on ${subject}`)}`);
    }
  }
  return chart([...lines]);
}

function subjectsOf(tasks: readonly Task[], of: (task: Task) => readonly string[]): Map<string, Set<string>> {
  const boxes = new Map<string, Set<string>>();
  for (const task of tasks) {
    for (const subject of of(task)) boxes.set(subject, (boxes.get(subject) ?? new Set()).add(boxOf(task)));
  }
  return boxes;
}

function boxOf({ id, service }: Task): string {
  return service === 'outside' ? `task ${id}` : `service ${service}`;
}

function some(subjects: readonly string[]): string {
  const more = subjects.length - MOST_ON_ARROW;
  const shown = subjects.slice(0, MOST_ON_ARROW).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}

function chart(lines: readonly string[]): string {
  return ['flowchart LR', ...lines].join('\n');
}

/** Letters of its own for every other character: a name can never become a part of the drawing. */
function idOf(key: string): string {
  return `n${[...key].map((character) => (/[a-z0-9]/.test(character) ? character : `_${character.codePointAt(0)}_`)).join('')}`;
}

/** As text, whatever it is: what could mean something to mermaid is written as its code point. */
function label(text: string): string {
  const safe = [...text.slice(0, 80)].map((character) =>
    /[\p{L}\p{N} .,-]/u.test(character) ? character : `#${character.codePointAt(0)};`,
  );
  return `"${safe.join('')}"`;
}
