import { type BusView } from '@recert/contracts';
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { ADMIN_TOKEN, type Installation } from './installation';

const CLI = resolve(__dirname, '../../../cli/dist/main.js');

export interface Said {
  readonly code: number;
  /** What it wrote to both outputs. */
  readonly text: string;
}

/** Runs the command line as an operator does. */
export function recert(installation: Installation, ...args: readonly string[]): Promise<Said> {
  const env = {
    RECERT_URL: installation.doors.addressOf('registry'),
    RECERT_TOKEN: ADMIN_TOKEN,
  };
  return new Promise((resolve_) => {
    execFile(process.execPath, [CLI, ...args], { env }, (error, out, err) => {
      resolve_({ code: error === null ? 0 : Number(error.code ?? 1), text: out + err });
    });
  });
}

/** Moves the installation to another transport, and fails with what the command said where that does not end well. */
export async function switchBus(installation: Installation, to: string): Promise<void> {
  const { code, text } = await recert(installation, 'bus', 'switch', '--to', to);
  if (code !== 0) throw new Error(`recert bus switch --to ${to} ended with ${code}:\n${text}`);
}

export const busOf = (installation: Installation): Promise<BusView> => installation.doors.request('GET', '/api/bus');
