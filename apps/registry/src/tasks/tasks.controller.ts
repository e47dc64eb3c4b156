import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Query, Req } from '@nestjs/common';
import {
  pageOf,
  taskBody,
  taskCreated,
  taskDetail,
  taskPatch,
  taskQuery,
  taskView,
  tokenView,
  type Page,
  type TaskBody,
  type TaskCreated,
  type TaskDetail,
  type TaskPatch,
  type TaskQuery,
  type TaskView,
} from '@recert/contracts';
import {
  Access,
  Clock,
  Describe,
  fromCursor,
  KIT_CONFIG,
  ownAddress,
  pageFrom,
  parsed,
  Sender,
  UserError,
  type KitConfig,
  type Principal,
  type WithAddress,
} from '@recert/service-kit';
import { type z } from 'zod';
import { EditTask } from './edit-task';
import { MakeTokenOfTask } from './make-token-of-task';
import { RegisterTask } from './register-task';
import { toTaskView, type OwnedTask } from './task';
import { TaskRepository } from './task.repository';

const SHOWN_REPORTS = 50;

@Controller('api/tasks')
export class TasksController {
  constructor(
    private readonly tasks: TaskRepository,
    private readonly registering: RegisterTask,
    private readonly editing: EditTask,
    private readonly rotating: MakeTokenOfTask,
    private readonly clock: Clock,
    @Inject(KIT_CONFIG) private readonly config: KitConfig,
  ) {}

  @Get()
  @Access('viewer')
  @Describe({ says: 'The tasks of the hub, by id, with how they do.', query: taskQuery, answer: pageOf(taskView) })
  async list(@Query(parsed(taskQuery)) query: TaskQuery, @Req() request: WithAddress): Promise<Page<TaskView>> {
    const [after] = fromCursor(query.cursor, 1) ?? [null];
    const place = after === null ? null : String(after);
    const found = await this.tasks.page(query, this.clock.now(), place, query.limit + 1);
    const { items, next } = pageFrom(found, query.limit, ({ task }) => [task.id]);
    return { items: items.map((task) => this.view(task, request)), next };
  }

  @Get(':id')
  @Access('viewer')
  @Describe({ says: 'One task, with its newest reports.', answer: taskDetail })
  async show(@Param('id') id: string, @Req() request: WithAddress): Promise<TaskDetail> {
    const task = await this.tasks.find(id);
    if (task === null) throw UserError.notFound(`task "${id}"`);
    return { ...this.view(task, request), reports: await this.tasks.reports(id, SHOWN_REPORTS) };
  }

  @Post()
  @HttpCode(201)
  @Access('owner')
  @Describe({
    says: 'Registers a task that runs outside; its token is shown this once.',
    body: taskBody,
    answer: taskCreated,
  })
  async register(
    @Body(parsed(taskBody)) body: TaskBody,
    @Sender() sender: Principal,
    @Req() request: WithAddress,
  ): Promise<TaskCreated> {
    const { task, token } = await this.registering.register(body, { sender, base: this.base(request) });
    return { ...this.view(task, request), tokenId: token.id, token: token.token };
  }

  @Patch(':id')
  @Access('owner')
  @Describe({
    says: "Changes the named fields; of a service's own task only owner, deputy and review.",
    body: taskPatch,
    answer: taskView,
  })
  async edit(
    @Param('id') id: string,
    @Body(parsed(taskPatch)) patch: TaskPatch,
    @Sender() sender: Principal,
    @Req() request: WithAddress,
  ): Promise<TaskView> {
    const asker = { sender, base: this.base(request) };
    return this.view(await this.editing.edit(id, patch, asker), request);
  }

  @Delete(':id')
  @HttpCode(204)
  @Access('owner')
  @Describe({ says: 'Takes a task away: nothing is expected of it, and its tokens open nothing.', answer: null })
  async retire(@Param('id') id: string, @Sender() sender: Principal): Promise<void> {
    await this.editing.retire(id, sender);
  }

  /** A second token, for rotation, or the first after it was activated again. It is shown this once. */
  @Post(':id/tokens')
  @HttpCode(201)
  @Access('owner')
  @Describe({ says: 'Another token, to rotate it; it is shown this once.', answer: tokenView })
  async rotate(@Param('id') taskId: string, @Sender() sender: Principal): Promise<z.output<typeof tokenView>> {
    const { id, token } = await this.rotating.make(taskId, sender);
    return { id, token };
  }

  private view(task: OwnedTask, request: WithAddress): TaskView {
    return toTaskView(task, this.clock.now(), this.config.ORG_TIMEZONE, this.base(request));
  }

  private base(request: WithAddress): string {
    return ownAddress(request, this.config.PUBLIC_URL);
  }
}
