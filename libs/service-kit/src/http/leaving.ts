import { type Server, type ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';

const LOOK_MS = 20;

/** How a process leaves without cutting anybody off: it takes no new connection, and answers what it has taken. */
@Injectable()
export class Leaving {
  private readonly leaving = new AbortController();
  /** Requests that are not answered yet. */
  private underWay = 0;
  private isOnNotice = false;

  /** Whether whoever stands in front of it should look elsewhere. */
  get isLeaving(): boolean {
    return this.isOnNotice;
  }

  /** Aborted when the process begins to leave: whoever would answer for ever ends their answer then. */
  get signal(): AbortSignal {
    return this.leaving.signal;
  }

  /** From now on it knows what is under way at this server. */
  follow(server: Server): void {
    server.prependListener('request', (_: unknown, response: ServerResponse) => {
      this.underWay += 1;
      response.once('close', () => (this.underWay -= 1));
      // Whoever is behind an open connection finds another process by the next one.
      if (this.signal.aborted) response.shouldKeepAlive = false;
    });
  }

  /**
   * Resolves when everything is answered.
   * @param noticeMs how long it goes on as before, and only says that it is leaving
   * @param patienceMs after which the rest is left unanswered
   */
  async leave(server: Server, { noticeMs, patienceMs }: { noticeMs: number; patienceMs: number }): Promise<void> {
    this.isOnNotice = true;
    if (noticeMs > 0) await new Promise((resolve) => setTimeout(resolve, noticeMs));
    const until = performance.now() + patienceMs;
    server.close();
    this.leaving.abort();
    while (this.underWay > 0 && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      server.closeIdleConnections();
    }
  }
}
