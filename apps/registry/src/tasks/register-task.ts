import { Injectable } from '@nestjs/common';
import { ServiceDatabase, type Tx } from '@recert/bus';
import { type TaskBody } from '@recert/contracts';
import { Clock, UserError, type Principal } from '@recert/service-kit';
import { Tokens, type NewToken } from '../access/tokens';
import { inImportTurn } from '../library/import-turn';
import { slug } from '../library/parse-slug';
import { PersonRepository } from '../people/person.repository';
import { inHistory } from '../processes/sender-in-history';
import { mustBeTheirs } from './of-their-own';
import { periodOf, timingOf } from './rhythm';
import { hookOf, OUTSIDE, scopeOf, type OwnedTask, type Task } from './task';
import { newTask } from './task-health';
import { TaskRepository } from './task.repository';
import { TaskWriter } from './write-task';

const LONGEST_ID = 80;

/** Who wants something of a task, and how this installation is reached. */
export interface Asker {
  readonly sender: Principal;
  /** Address of this installation, without a slash at its end. */
  readonly base: string;
}

/** Registers a task that runs outside, with its token and its process. */
@Injectable()
export class RegisterTask {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly tasks: TaskRepository,
    private readonly writer: TaskWriter,
    private readonly people: PersonRepository,
    private readonly tokens: Tokens,
    private readonly clock: Clock,
  ) {}

  /** @throws UserError 403 for an owner who is not the sender, 409 when its id is taken, 422 for a rhythm, a period or a person that there is not */
  async register(body: TaskBody, asker: Asker): Promise<{ task: OwnedTask; token: NewToken }> {
    mustBeTheirs(asker.sender, body.owner);
    const [task, by] = [this.toTask(body, asker), inHistory(asker.sender)];
    return inImportTurn(this.database, async (tx) => {
      await this.checkNamed(tx, body);
      await this.checkId(tx, task.id);
      const reason = { at: this.clock.now(), by, cause: `task ${task.id} was registered`, source: 'http' };
      // Not the product's, whose own tokens are counted, and revoked with it.
      const opens = { name: `task ${task.id}`, scopes: [scopeOf(task.id)], product: null };
      const token = await this.tokens.make(tx, opens, by);
      const written = await this.writer.write(tx, { before: null, after: task, events: [], reason }, token.entries);
      return { task: { task: written, owner: body.owner, deputy: body.deputy }, token };
    });
  }

  private toTask(body: TaskBody, { base }: Asker): Task {
    const { name, owner, deputy, emits, url, product, release } = body;
    const id = body.id ?? slug(name).slice(0, LONGEST_ID).replace(/-$/, '');
    const at = this.clock.now();
    return {
      ...{ id, version: 0, name, service: OUTSIDE, owner, deputy, emits, url, productId: product, isRelease: release },
      ...timingOf(body.trigger, { hook: hookOf(id, base), zone: this.writer.zone }),
      grace: periodOf('grace', body.grace),
      review: periodOf('review', body.review),
      registeredAt: at,
      health: newTask(at),
    };
  }

  private async checkNamed(tx: Tx, { owner, deputy, product }: TaskBody): Promise<void> {
    await this.people.mustBeActive(tx.db, 'owner', owner);
    await this.people.mustBeActive(tx.db, 'deputy', deputy);
    await this.tasks.mustBeProduct(tx, product);
  }

  private async checkId(tx: Tx, id: string): Promise<void> {
    const found = await this.tasks.lock(tx, id);
    if (found === null) return;
    const how = found.task.health.active ? 'change that one' : 'activate that one with PATCH {"active": true}';
    throw UserError.conflict(`There is a task "${id}" already: ${how}, or give another id.`);
  }
}
