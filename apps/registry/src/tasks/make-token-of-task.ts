import { Injectable } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { UserError, type Principal } from '@recert/service-kit';
import { Tokens, type NewToken } from '../access/tokens';
import { inHistory } from '../processes/sender-in-history';
import { mustBeTheirs } from './of-their-own';
import { OUTSIDE, scopeOf } from './task';
import { TaskRepository } from './task.repository';

/** Another token of a task: to rotate it, or after the task was taken up again. */
@Injectable()
export class MakeTokenOfTask {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly tasks: TaskRepository,
    private readonly tokens: Tokens,
  ) {}

  /** @throws UserError 403, 404, 409 for a task of a service, one that was taken away, or one that has two valid tokens */
  async make(id: string, sender: Principal): Promise<NewToken> {
    return this.database.transaction(async (tx) => {
      // Locked, so that of two who ask at the same time the second sees the token of the first.
      const found = await this.tasks.lock(tx, id);
      if (found === null) throw UserError.notFound(`task "${id}"`);
      mustBeTheirs(sender, found.owner);
      if (found.task.service !== OUTSIDE) {
        throw UserError.conflict(`"${id}" is a task of the service ${found.task.service}, which needs no token.`);
      }
      if (!found.task.health.active) throw UserError.conflict(`"${id}" was taken away: activate it first.`);
      const wanted = { name: `task ${id}`, scopes: [scopeOf(id)], product: null };
      return this.tokens.makeAnother(tx, wanted, await this.tokens.ofScope(tx, scopeOf(id)), inHistory(sender));
    });
  }
}
