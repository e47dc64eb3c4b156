import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Controller, Get, Header, Injectable, Param, StreamableFile, type INestApplication } from '@nestjs/common';
import { z } from 'zod';
import { Access } from '../access/principal';
import { UserError } from '../errors';
import { Describe } from './describe';
import { openApiDocument } from './openapi-document';

/** The files of Swagger UI that its page needs, with their types. */
const UI_FILES: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
};
const START = 'start.js';
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Recert API</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="/api/docs/swagger-ui.css" />
  </head>
  <body>
    <div id="ui"></div>
    <script src="/api/docs/swagger-ui-bundle.js"></script>
    <script src="/api/docs/${START}"></script>
  </body>
</html>
`;
// A validator would be asked over the network.
const START_SCRIPT = `SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#ui', validatorUrl: null, deepLinking: true });
`;

/** The description of this process's API, made when somebody first asks for it. */
@Injectable()
export class ApiDescription {
  private app: INestApplication | null = null;
  private text: Promise<string> | null = null;

  /** The process says what is to be described. */
  of(app: INestApplication): void {
    this.app = app;
  }

  async json(): Promise<string> {
    if (this.app === null) throw UserError.notFound('description');
    return (this.text ??= openApiDocument(this.app).then((document) => JSON.stringify(document)));
  }
}

/** Public, as it shows no data: what it says of this program stands in its source, too. */
@Controller('api')
@Access('public')
export class OpenApiController {
  constructor(private readonly description: ApiDescription) {}

  @Get('openapi.json')
  @Header('Content-Type', 'application/json; charset=utf-8')
  @Describe({ says: 'This document, OpenAPI 3.1.', answer: z.looseObject({ openapi: z.string() }) })
  json(): Promise<string> {
    return this.description.json();
  }

  @Get('docs')
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', CONTENT_SECURITY_POLICY)
  @Header('Referrer-Policy', 'no-referrer')
  @Header('X-Content-Type-Options', 'nosniff')
  @Describe({ says: 'This document as a page to read and to try.', type: 'text/html' })
  page(): string {
    return PAGE;
  }

  @Get('docs/:file')
  @Header('X-Content-Type-Options', 'nosniff')
  @Describe({ says: 'A file of that page.', type: 'text/javascript' })
  file(@Param('file') file: string): StreamableFile {
    if (file === START)
      return new StreamableFile(Buffer.from(START_SCRIPT), { type: UI_FILES['swagger-ui-bundle.js']! });
    const type = Object.hasOwn(UI_FILES, file) ? UI_FILES[file] : undefined;
    if (type === undefined) throw UserError.notFound(`file "${file}"`);
    return new StreamableFile(createReadStream(join(uiFolder(), file)), { type });
  }
}

/** Swagger UI comes with @nestjs/swagger. */
function uiFolder(): string {
  const swagger = createRequire(require.resolve('@nestjs/swagger'));
  return dirname(swagger.resolve('swagger-ui-dist/package.json'));
}
