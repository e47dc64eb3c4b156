import { writeFileSync, statSync, existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type AdminLinkView } from '@recert/contracts';
import { Asking, type Meant, type Question } from '../ask-questions';
import { type Call, type Command } from '../command';
import { envFile } from '../env-file';
import { EXIT, type ExitCode, UsageError } from '../exit-codes';
import { whoIsBot } from '../who-is-bot';

const REFUSED = 'Telegram does not know this token: take it from @BotFather again.';

export const initCommands: readonly Command[] = [
  {
    name: 'init',
    says: 'Ask four questions and write the .env of a new installation',
    options: {
      dir: { value: 'FOLDER', says: 'where docker-compose.yml is, by default this folder' },
      url: { value: 'URL', says: 'address under which people reach it' },
      'telegram-token': { value: 'TOKEN', says: 'token of the bot, or none' },
      library: { value: 'WHERE', says: 'the process library: a path, an address, a git repository, or none' },
      timezone: { value: 'ZONE', says: 'time zone of the organisation' },
      unchecked: { says: 'do not ask Telegram whether the token is right' },
    },
    run: init,
  },
  { name: 'admin-link', says: 'Make a one-time link that logs an admin in', run: adminLink },
];

async function adminLink({ api, print }: Call): Promise<void> {
  const link = await api.post<AdminLinkView>('/api/session/link');
  print.result(link, ({ url }) => print.line(`${url}   (works once, for 24 hours)`));
}

async function init(call: Call): Promise<ExitCode> {
  const { print, text } = call;
  const file = join(resolve(text('dir') ?? '.'), '.env');
  if (existsSync(file)) {
    print.complaint(`${file} is there already, and its secrets with it: edit it, or move it away to begin anew.`);
    return EXIT.refused;
  }
  const answers = new Answering(call);
  try {
    const publicUrl = await answers.to('url', ADDRESS);
    const telegramToken = await answers.to('telegram-token', bot(call));
    const library = await answers.to('library', LIBRARY);
    const timezone = await answers.to('timezone', ZONE);
    const isFolder = library === null || !isPath(library) ? null : statSync(library).isDirectory();
    writeFileSync(file, envFile({ publicUrl, telegramToken, library, timezone }, isFolder), {
      mode: 0o600,
      flag: 'wx',
    });
  } finally {
    answers.end();
  }
  print.line(`Written: ${file} (readable for you alone).`);
  print.line('Next: docker compose up -d --wait, then recert admin-link.');
  return EXIT.ok;
}

/** Answers that were given as options, or else by whoever sits there. */
class Answering {
  private asking: Asking | null = null;

  constructor(private readonly call: Call) {}

  async to<T>(option: string, question: Question<T>): Promise<T> {
    const given = this.call.text(option);
    if (given === undefined) return this.someone(option).ask(question);
    const meant = await question.read(given === 'none' ? '' : given);
    if ('complaint' in meant) throw new UsageError(`--${option}: ${meant.complaint}`);
    return meant.value;
  }

  end(): void {
    this.asking?.end();
  }

  private someone(option: string): Asking {
    const { stdin, stdout, stderr } = this.call.print.output;
    if (stdin === undefined) throw new UsageError(`nobody can be asked: give --${option}`);
    return (this.asking ??= new Asking({ stdin, stdout, stderr }));
  }
}

const ADDRESS: Question<string> = {
  asks: 'Under which address will people reach Recert? Its name must lead to this machine; with https it gets a certificate.',
  read: (text) => {
    const address = text.replace(/\/+$/, '');
    if (/^https?:\/\/[^\s/?#@]+$/.test(address) && URL.canParse(address)) return { value: address };
    return { complaint: `"${text}" is no address: write something like https://recert.example.org` };
  },
};

function bot({ isOn, environment }: Call): Question<string | null> {
  return {
    asks: 'Token of the Telegram bot, which @BotFather gives for /newbot? Nothing for no bot yet.',
    read: async (token): Promise<Meant<string | null>> => {
      if (token === '') return { value: null };
      if (!/^\d+:[\w-]{20,}$/.test(token))
        return { complaint: 'A token looks like 123456789:AAExample-of-a-bot-token' };
      if (isOn('unchecked')) return { value: token };
      const found = await whoIsBot(token, environment['TELEGRAM_API_ROOT'] || undefined);
      if (found.kind === 'known') return { value: token };
      return { complaint: found.kind === 'refused' ? REFUSED : `${found.why} Try again, or give --unchecked.` };
    },
  };
}

const LIBRARY: Question<string | null> = {
  asks: 'Where is the process library: a Markdown file or folder of this machine, an address, or a git repository? Nothing for none yet.',
  read: (text) => {
    if (text === '') return { value: null };
    if (!isPath(text)) return { value: text };
    const path = resolve(text);
    return existsSync(path) ? { value: path } : { complaint: `There is nothing at ${path}` };
  },
};

const ZONE: Question<string> = {
  asks: 'Which time zone does the organisation keep?',
  otherwise: new Intl.DateTimeFormat().resolvedOptions().timeZone,
  read: (zone) => {
    try {
      return { value: new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone };
    } catch {
      return { complaint: `"${zone}" is no time zone: write something like Europe/Berlin` };
    }
  },
};

function isPath(library: string): boolean {
  return !/^([a-z+]+:\/\/|git@)/i.test(library);
}
