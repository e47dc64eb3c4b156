import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseAccount } from './server-account';

const isRoot = process.getuid?.() === 0;
if (!isRoot) process.stderr.write('NOT TESTED: folders closed to others matter to root only, and we are not root.\n');

(isRoot ? describe : describe.skip)('the account of the server, when we are root', () => {
  const folder = mkdtempSync(join(tmpdir(), 'recert-closed-'));
  const program = join(folder, 'program');

  beforeAll(() => {
    writeFileSync(program, '#!/bin/sh\n');
    chmodSync(program, 0o755);
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it('passes a folder closed to others also for a program that asks by access(2), as initdb does', () => {
    const { prefix } = chooseAccount({ uid: 65534, gid: 65534 }, { programs: [program], readable: [], writable: [] });
    const ask = `require('fs').accessSync(${JSON.stringify(program)}, require('fs').constants.X_OK); console.log(process.getuid())`;
    const [command = '', ...rest] = [...prefix, process.execPath, '-e', ask];
    const { stdout, stderr } = spawnSync(command, rest, { encoding: 'utf8' });
    expect([stdout.trim(), stderr]).toEqual(['65534', '']);
  });
});
