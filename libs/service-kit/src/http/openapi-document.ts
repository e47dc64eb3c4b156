import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RequestMethod, type INestApplication, type Type } from '@nestjs/common';
import { HTTP_CODE_METADATA, METHOD_METADATA } from '@nestjs/common/constants';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { type OpenAPIObject } from '@nestjs/swagger';
import { problem } from '@recert/contracts';
import { SECURE_SESSION_COOKIE, SESSION_COOKIE } from '../access/access.guard';
import { ACCESS_RULE, type Rule } from '../access/principal';
import { hookDescription, ROUTE_DESCRIPTION, type HookDescription, type RouteDescription } from './describe';
import { hookOperationOf, operationOf, problemResponses, type KnownRoute, type Operation } from './describe-operation';
import { JsonSchemas } from './json-schemas';

type Paths = Record<string, Record<string, Operation>>;

/** The OpenAPI description of everything that this process serves. It costs some 100 ms: make it once. */
export async function openApiDocument(app: INestApplication): Promise<OpenAPIObject> {
  // Only here, since a process that nobody asks for its description has no use for what this loads.
  const { DocumentBuilder, SwaggerModule } = await import('@nestjs/swagger');
  const base = new DocumentBuilder().setOpenAPIVersion('3.1.0').build();
  const found = SwaggerModule.createDocument(app, base, { operationIdFactory: operationId });
  const modules = [...app.get(ModulesContainer).values()];
  const schemas = new JsonSchemas();
  schemas.of(problem, 'output');
  const routes = routesOf(modules.flatMap((module) => [...module.controllers.values()].map(classOf)));
  const paths = describedPaths(found.paths as unknown as Paths, routes, schemas);
  for (const hook of hooksOf(modules.flatMap((module) => [...module.providers.values()].map(classOf)))) {
    paths[hook.path] = { post: hookOperationOf(hook, schemas) };
  }
  const document = {
    openapi: found.openapi,
    info: { title: 'Recert', description: DESCRIPTION, version: version() },
    paths: sorted(paths),
    components: {
      schemas: sorted(schemas.named),
      responses: problemResponses,
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'A token, of an admin or with scopes.' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: SESSION_COOKIE,
          description: `Who is logged in at the console; behind https it is ${SECURE_SESSION_COOKIE}.`,
        },
      },
    },
  };
  return document as unknown as OpenAPIObject;
}

const DESCRIPTION =
  '`x-access` of each operation says who may use it: `public`, `viewer`, `owner` and `admin` with each including those ' +
  'before it, `scope:` with the scope that a token (or an admin) must have, `token:` with the scope that a token itself ' +
  'must have, `header:` with the header that carries the proof.';

function version(): string {
  const file = readFileSync(join(__dirname, '../../package.json'), 'utf8');
  return (JSON.parse(file) as { version: string }).version;
}

function operationId(controller: string, method: string): string {
  return `${controller.replace(/Controller$/, '')}_${method}`;
}

function classOf({ metatype }: { metatype: unknown }): Type | null {
  return typeof metatype === 'function' ? (metatype as Type) : null;
}

function routesOf(controllers: readonly (Type | null)[]): ReadonlyMap<string, KnownRoute> {
  const routes = new Map<string, KnownRoute>();
  const scanner = new MetadataScanner();
  for (const controller of new Set(controllers)) {
    if (controller === null) continue;
    const prototype = controller.prototype as Record<string, object>;
    for (const name of scanner.getAllMethodNames(prototype)) {
      // Consumers of events are controllers, too.
      if (!Reflect.hasMetadata(METHOD_METADATA, prototype[name]!)) continue;
      const id = operationId(controller.name, name);
      if (routes.has(id)) throw new Error(`Two controllers have a route ${id}: name one of them otherwise.`);
      routes.set(id, knownRoute(controller, prototype[name]!));
    }
  }
  return routes;
}

function knownRoute(controller: Type, handler: object): KnownRoute {
  const of = <T>(key: string | symbol): T | undefined => Reflect.getMetadata(key, handler) as T | undefined;
  return {
    rule: of<Rule>(ACCESS_RULE) ?? (Reflect.getMetadata(ACCESS_RULE, controller) as Rule | undefined),
    description: of<RouteDescription>(ROUTE_DESCRIPTION),
    status: of<number>(HTTP_CODE_METADATA) ?? (of(METHOD_METADATA) === RequestMethod.POST ? 201 : 200),
  };
}

function describedPaths(found: Paths, routes: ReadonlyMap<string, KnownRoute>, schemas: JsonSchemas): Paths {
  const paths: Paths = {};
  for (const [path, operations] of Object.entries(found)) {
    const described: Record<string, Operation> = {};
    for (const [method, operation] of Object.entries(operations)) {
      // A route with several paths has a number behind its name.
      const route = routes.get(String(operation['operationId']).replace(/\[\d+\]$/, ''))!;
      described[method] = operationOf(operation, route, schemas);
    }
    paths[path] = described;
  }
  return paths;
}

function hooksOf(providers: readonly (Type | null)[]): HookDescription[] {
  const hooks = providers.flatMap((provider) => {
    const hook = provider === null ? undefined : hookDescription(provider);
    return hook === undefined ? [] : [hook];
  });
  return [...new Set(hooks)];
}

/** The order does not depend on which module was loaded first. */
function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
