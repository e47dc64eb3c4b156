import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { Controller, Get, Header, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Access, Describe } from '@recert/service-kit';
import { type FastifyInstance } from 'fastify';
import { CONTENT_SECURITY_POLICY, PATHS } from './console-pages';

/** The console as it was built. */
@Injectable()
export class ConsoleFiles implements OnModuleInit {
  private readonly folder = join(dirname(require.resolve('@recert/web/package.json')), 'dist');
  readonly page: string;
  readonly icon: string;

  constructor(private readonly http: HttpAdapterHost) {
    const index = join(this.folder, 'index.html');
    if (!existsSync(index))
      throw new Error('The console is not built: npm start and npm test do it, or npm run build.');
    this.page = readFileSync(index, 'utf8');
    this.icon = readFileSync(join(this.folder, 'icon.svg'), 'utf8');
  }

  async onModuleInit(): Promise<void> {
    const server = this.http.httpAdapter.getInstance<FastifyInstance>();
    await server.register(fastifyStatic, {
      root: join(this.folder, 'assets'),
      prefix: '/assets/',
      // Their names change with what is in them.
      immutable: true,
      maxAge: '365d',
      preCompressed: true,
      decorateReply: false,
    });
  }
}

/** The page itself shows nothing of anybody: what it shows it asks of the API, which knows who is looking. */
@Controller()
@Access('public')
export class ConsoleController {
  constructor(private readonly files: ConsoleFiles) {}

  @Get(PATHS)
  @Describe({ says: 'The console, for a browser.', type: 'text/html' })
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', CONTENT_SECURITY_POLICY)
  @Header('Referrer-Policy', 'no-referrer')
  @Header('X-Content-Type-Options', 'nosniff')
  @Header('Cache-Control', 'no-cache')
  page(): string {
    return this.files.page;
  }

  @Get('/icon.svg')
  @Describe({ says: 'The icon of the console.', type: 'image/svg+xml' })
  @Header('Content-Type', 'image/svg+xml')
  icon(): string {
    return this.files.icon;
  }
}
