import { ModulesContainer } from '@nestjs/core';
import { PATTERN_EXTRAS_METADATA, PATTERN_METADATA } from '@nestjs/microservices/constants';
import { memberConsumers, serviceOf, type HandlerExtras } from '@recert/bus';
import { type Environment } from './config';
import { replayConsumer } from './letters/replay-letters-when-they-are-wanted';
import { previewOf, type ProcessDefinition } from './run-service';

/** What a process takes from the bus. */
export interface DeclaredConsumer {
  /** Such as `scheduler.follow-process`. */
  readonly durable: string;
  readonly subject: string;
}

/**
 * Whatever the services of a process take, by the durable names: what they declare with `@OnEvent`, and what each service
 * takes to be one. What is followed only while somebody wants it is not among it. Nothing is started or connected to.
 * @throws ConfigError when the environment is not usable
 */
export async function describeConsumers(
  definition: ProcessDefinition,
  environment: Environment,
): Promise<DeclaredConsumer[]> {
  const app = await previewOf(definition, environment);
  const controllers = [...app.get(ModulesContainer).values()].flatMap((module) => [...module.controllers.values()]);
  const types = new Set(controllers.map(({ metatype }) => metatype));
  const declared = [...types].flatMap((type) =>
    typeof type === 'function' ? handlersOf(type.prototype as object) : [],
  );
  const services = new Set(declared.map(({ durable }) => serviceOf(durable)));
  const taken = [...services].flatMap((service) => [...memberConsumers(service), replayConsumer(service)]);
  const all = [...declared, ...taken.map(({ durable, event: { subject } }) => ({ durable, subject }))];
  return all.sort((a, b) => (a.durable < b.durable ? -1 : 1));
}

function handlersOf(prototype: object): DeclaredConsumer[] {
  return Object.getOwnPropertyNames(prototype).flatMap((name) => {
    const method: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value;
    if (typeof method !== 'function') return [];
    const patterns = Reflect.getMetadata(PATTERN_METADATA, method) as readonly string[] | undefined;
    const extras = Reflect.getMetadata(PATTERN_EXTRAS_METADATA, method) as HandlerExtras | undefined;
    if (patterns === undefined || extras === undefined) return [];
    return patterns.map((durable) => ({ durable, subject: extras.event.subject }));
  });
}
