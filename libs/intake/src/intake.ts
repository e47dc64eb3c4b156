import { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { EventServer } from '@recert/bus';
import { type Hook, HOOKS } from './hook';
import { HookDoor } from './hook-door';
import { deadLetterName, IntakeWorker } from './intake-worker';
import { WriteOrSpool } from './write-or-spool';

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** The hooks of one service: opened before the process listens, shut before its database closes. */
@Injectable()
export class Intake implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    @Inject(HOOKS) private readonly hooks: readonly Hook[],
    private readonly keeping: WriteOrSpool,
    private readonly worker: IntakeWorker,
    private readonly door: HookDoor,
    private readonly events: EventServer,
    private readonly http: HttpAdapterHost,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    for (const { name } of this.hooks)
      this.events.onReplay(deadLetterName({ hook: name }), (incoming) => this.replay(incoming.position));
    this.standBefore(this.http.httpAdapter.getHttpServer() as Server);
    this.worker.start();
    await this.keeping.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.door.close();
    await this.worker.stop();
    await this.keeping.stop();
  }

  /** The framework gets what is meant for no hook. */
  private standBefore(server: Server): void {
    const others = server.listeners('request') as Listener[];
    server.removeAllListeners('request');
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      if (this.door.takes(request, response)) return;
      for (const listener of others) listener.call(server, request, response);
    });
  }

  private async replay(id: string): Promise<string | null> {
    const reason = await this.worker.replay(id);
    return reason === undefined ? 'what was sent is not kept any more' : reason;
  }
}
