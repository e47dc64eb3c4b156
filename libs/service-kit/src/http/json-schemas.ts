import * as contracts from '@recert/contracts';
import { z } from 'zod';

export type JsonSchema = Readonly<Record<string, unknown>>;
/** Whether a schema tells what is sent to us, or what we answer: a default makes a field optional in the one only. */
export type Direction = 'input' | 'output';

/** What is named like this is sent to us. */
const SENT = /(Body|Patch|Query)$/;

/**
 * JSON schemas (draft 2020-12, as OpenAPI 3.1 has them) of the zod schemas. What libs/contracts exports is referred to
 * by its name there, so that a client which is made of the document has a type `ProcessView` too.
 */
export class JsonSchemas {
  /** The named ones that were referred to. */
  readonly named: Record<string, JsonSchema> = {};
  private readonly registry = contractNames();
  private readonly differing = new Map<string, boolean>();

  of(schema: z.ZodType, direction: Direction): JsonSchema {
    const { $defs = {}, ...root } = this.convert(schema, direction);
    for (const [name, definition] of Object.entries($defs)) {
      this.named[this.nameOf(name, direction)] ??= this.withNames(definition, direction);
    }
    return this.withNames(root, direction);
  }

  /** The fields of what is sent in a query or a path, each with whether it must be there. */
  fieldsOf(schema: z.ZodType): { name: string; required: boolean; schema: JsonSchema }[] {
    const { $defs: definitions = {}, ...root } = this.convert(schema, 'input', false);
    const named = typeof root['$ref'] === 'string' ? definitions[root['$ref'].slice('#/$defs/'.length)] : root;
    const { properties = {}, required = [] } = named as { properties?: object; required?: string[] };
    for (const [name, definition] of Object.entries(definitions)) {
      if (definition !== named) this.of(this.schemaNamed(name), 'input');
    }
    return Object.entries(properties).map(([name, field]) => ({
      name,
      required: required.includes(name),
      schema: this.withNames(field as JsonSchema, 'input'),
    }));
  }

  private convert(
    schema: z.ZodType,
    direction: Direction,
    asBody = direction === 'input',
  ): JsonSchema & { $defs?: Record<string, JsonSchema> } {
    const { $schema: _, ...converted } = z.toJSONSchema(schema, {
      io: direction,
      metadata: this.registry,
      unrepresentable: 'any',
      override: ({ zodSchema, jsonSchema }) => {
        tidy(zodSchema, jsonSchema);
        if (asBody) tellDefault(jsonSchema);
      },
    });
    return converted;
  }

  /** A schema that is another one when it is sent has two names. */
  private nameOf(name: string, direction: Direction): string {
    const own: Direction = SENT.test(name) ? 'input' : 'output';
    if (direction === own || !this.differs(name)) return name;
    return name + (direction === 'input' ? 'Input' : 'Output');
  }

  private differs(name: string): boolean {
    let differs = this.differing.get(name);
    if (differs === undefined) {
      const schema = this.schemaNamed(name);
      differs = JSON.stringify(this.convert(schema, 'input')) !== JSON.stringify(this.convert(schema, 'output'));
      this.differing.set(name, differs);
    }
    return differs;
  }

  private schemaNamed(name: string): z.ZodType {
    return contractSchemas().find(([exported]) => exported === name)![1];
  }

  private withNames<T>(part: T, direction: Direction): T {
    if (Array.isArray(part)) return part.map((item: unknown) => this.withNames(item, direction)) as T;
    if (typeof part !== 'object' || part === null) return part;
    const entries = Object.entries(part).map(([key, value]: [string, unknown]) => {
      if (key !== '$ref' || typeof value !== 'string') return [key, this.withNames(value, direction)] as const;
      return [key, `#/components/schemas/${this.nameOf(value.slice('#/$defs/'.length), direction)}`] as const;
    });
    return Object.fromEntries(entries) as T;
  }
}

function contractSchemas(): [name: string, schema: z.ZodType][] {
  return Object.entries(contracts).flatMap(([name, value]) =>
    value instanceof z.ZodType ? [[name.charAt(0).toUpperCase() + name.slice(1), value]] : [],
  );
}

function contractNames(): z.core.$ZodRegistry<{ id: string }> {
  const names = z.registry<{ id: string }>();
  for (const [id, schema] of contractSchemas()) if (!names.has(schema)) names.add(schema, { id });
  return names;
}

/** Leaves out what is true of every value, and what a reader of an answer must not rely on: that no field is added. */
function tidy(schema: z.core.$ZodType, json: z.core.JSONSchema.BaseSchema): void {
  const { def } = schema._zod;
  if (def.type === 'object' && (def as z.core.$ZodObjectDef).catchall === undefined) delete json.additionalProperties;
  if (json.format !== undefined) delete json.pattern;
  if (json.minimum === Number.MIN_SAFE_INTEGER) delete json.minimum;
  if (json.maximum === Number.MAX_SAFE_INTEGER) delete json.maximum;
}

/** Generators of types take a field with a default for one that is always there, which in a body it need not be. */
function tellDefault(json: z.core.JSONSchema.BaseSchema): void {
  if (json.default === undefined) return;
  json.description = `${JSON.stringify(json.default)} where it is missing.`;
  delete json.default;
}
