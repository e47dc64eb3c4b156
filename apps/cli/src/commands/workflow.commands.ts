import { readFileSync } from 'node:fs';
import { type Call, type Command } from '../command';
import { EXIT, type ExitCode, UsageError } from '../exit-codes';
import { lintWorkflow, type Finding } from '../workflow/lint-workflow';

export const workflowCommands: readonly Command[] = [
  {
    name: 'lint-workflow',
    says: 'Name what is dangerous in a workflow of GitHub Actions that deploys',
    args: ['FILE'],
    run: lint,
  },
];

function lint({ print, args: [file = ''] }: Call): Promise<ExitCode> {
  const findings = findingsOf(file);
  print.result(findings, () => {
    for (const { line, says } of findings) print.line(`${file}:${line}: ${says}`);
    if (findings.length === 0) print.line(`${file}: nothing dangerous was found`);
  });
  return Promise.resolve(findings.length === 0 ? EXIT.ok : EXIT.refused);
}

function findingsOf(file: string): Finding[] {
  try {
    return lintWorkflow(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`${file} cannot be read as a workflow: ${(error as Error).message}`);
  }
}
