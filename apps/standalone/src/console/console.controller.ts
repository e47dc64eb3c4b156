import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Controller, Get, Header, Injectable } from '@nestjs/common';
import { Access } from '@recert/service-kit';

const CONTENT_SECURITY_POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** The files of the console, read once. */
@Injectable()
export class ConsoleFiles {
  private readonly folder = join(dirname(require.resolve('@recert/web/package.json')), 'public');
  readonly page = readFileSync(join(this.folder, 'index.html'), 'utf8');
  readonly script = readFileSync(join(this.folder, 'console.js'), 'utf8');
  readonly style = readFileSync(join(this.folder, 'console.css'), 'utf8');
}

/** The page itself shows nothing of anybody: what it shows it asks of the API, which knows who is looking. */
@Controller()
@Access('public')
export class ConsoleController {
  constructor(private readonly files: ConsoleFiles) {}

  @Get(['/', '/login'])
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', CONTENT_SECURITY_POLICY)
  @Header('Referrer-Policy', 'no-referrer')
  @Header('X-Content-Type-Options', 'nosniff')
  page(): string {
    return this.files.page;
  }

  @Get('/console.js')
  @Header('Content-Type', 'text/javascript; charset=utf-8')
  script(): string {
    return this.files.script;
  }

  @Get('/console.css')
  @Header('Content-Type', 'text/css; charset=utf-8')
  style(): string {
    return this.files.style;
  }
}
