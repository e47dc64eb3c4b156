import { type Button, compose, type Message, oneLine, type Part } from '../messages/rich-text';
import { type ButtonData } from './nonce.repository';
import { visibleNumber, type Question } from './question';
import { SEED_QUESTION } from './sentences';

/** What the message of a question is made of, besides the question. */
export interface QuestionContext {
  readonly why: string;
  /** Day of the last certification, or null when there was none. */
  readonly certifiedOn: string | null;
  readonly buttons: ButtonData;
  /** Where the record can be read; null when nowhere that Telegram could lead to. */
  readonly recordLink: string | null;
  /** A sentence above the question, such as why the last answer was not taken. */
  readonly notice?: string;
}

/** The question as a message, with its buttons. */
export function questionMessage(question: Question, context: QuestionContext): Message {
  const { place } = question;
  const certified = context.certifiedOn === null ? 'Never certified' : `Last certified ${context.certifiedOn}`;
  const reminder = question.reminder > 0 ? ` · reminder ${question.reminder}` : '';
  const parts: Part[] = [
    ...(place !== null && place.total > 1 ? [{ text: `${place.place} of ${place.total}\n` }] : []),
    ...heading(question),
    ...(context.notice === undefined ? [] : [{ text: `\n${context.notice}\n` }]),
    { text: `\n${context.why}\n\n${SEED_QUESTION}\n\n${certified} · ${visibleNumber(question.number)}${reminder}` },
  ];
  return { ...compose(parts), buttons: buttonRows(context) };
}

/** The same message once its question is over. */
export function outcomeMessage(question: Question, outcome: string): Message {
  const parts: Part[] = [...heading(question), { text: `\n${outcome}\n\n${visibleNumber(question.number)}` }];
  return { ...compose(parts), buttons: [] };
}

/** Name and section, each on a line of its own: whatever script they are in, they end there. */
function heading({ name, section }: Question): Part[] {
  const parts: Part[] = [{ text: oneLine(name) || '(no name)', style: 'bold', cuttable: true }, { text: '\n' }];
  if (section !== null && oneLine(section) !== '') {
    parts.push({ text: oneLine(section), cuttable: true }, { text: '\n' });
  }
  return parts;
}

function buttonRows({ buttons, recordLink }: QuestionContext): Button[][] {
  const rows: Button[][] = [
    [
      { text: 'Yes', data: buttons['needs-update'] },
      { text: 'No', data: buttons.correct },
    ],
    [
      { text: 'Not mine', data: buttons['not-mine'] },
      { text: 'Later', data: buttons.later },
    ],
  ];
  if (recordLink !== null) rows.push([{ text: 'Open the record', url: recordLink }]);
  return rows;
}
