import { type Rule } from '../access/principal';
import { type HeaderProof, type HookDescription, type RouteDescription } from './describe';
import { type JsonSchema, type JsonSchemas } from './json-schemas';

/** An OpenAPI operation, as far as it is written here. */
export interface Operation {
  [field: string]: unknown;
  parameters?: readonly Parameter[];
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
}

/** What is known of a route beside its path and method. */
export interface KnownRoute {
  readonly rule: Rule | undefined;
  readonly description: RouteDescription | undefined;
  /** The status that Nest answers with. */
  readonly status: number;
}

const JSON_TYPE = 'application/json';
const TEXT: JsonSchema = { type: 'string' };
/** Whoever may come in may do so with either. */
const CREDENTIALS = [{ token: [] }, { session: [] }];

/**
 * @param found what the framework knows of the route: its id, its tags, the parameters of its path
 * @returns the operation, with the rule as `x-access` where it has one
 */
export function operationOf(
  found: Operation,
  { rule, description, status }: KnownRoute,
  schemas: JsonSchemas,
): Operation {
  const { operationId, tags } = found;
  const says = description ?? { says: '' };
  const parameters = [
    ...pathParameters(found.parameters ?? [], says, schemas),
    ...(says.query === undefined ? [] : inPlace('query', says.query, schemas)),
    ...(says.proof === undefined ? [] : [headerOf(says.proof)]),
  ];
  return {
    operationId,
    tags,
    ...(description === undefined ? {} : { summary: description.says }),
    ...(rule === undefined ? {} : { 'x-access': says.proof === undefined ? rule : `header:${says.proof.header}` }),
    ...(rule === undefined || rule === 'public' ? {} : { security: CREDENTIALS }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(says.body === undefined ? {} : { requestBody: bodyOf(says.body, says.bodyText, schemas) }),
    responses: {
      ...answerOf(says, says.status ?? status, schemas),
      ...refusals(parameters, says, rule !== 'public'),
    },
  };
}

/** A hook is answered before anything is understood. */
export function hookOperationOf(hook: HookDescription, schemas: JsonSchemas): Operation {
  const { path, says, proof, headers, query, params, body } = hook;
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ in: 'path', name: name! }) as Parameter);
  const parameters = [
    ...pathParameters(names, params === undefined ? {} : { params }, schemas),
    ...(query === undefined ? [] : inPlace('query', query, schemas)),
    ...('header' in proof ? [headerOf(proof)] : []),
    ...Object.entries(headers ?? {}).map(([header, text]) => ({
      ...headerOf({ header, says: text }),
      required: false,
    })),
  ];
  const id = path.split('/')[2]!;
  return {
    operationId: `Hooks_${id}`,
    tags: ['Hooks'],
    summary: says,
    'x-access': 'header' in proof ? `header:${proof.header}` : `token:${proof.token}`,
    ...('header' in proof ? {} : { security: [{ token: [] }] }),
    ...(parameters.length === 0 ? {} : { parameters }),
    requestBody: { ...bodyOf(body, undefined, schemas), required: true },
    responses: hookAnswers(),
  };
}

function hookAnswers(): JsonSchema {
  const schema = { type: 'object', properties: { id: { type: 'string', format: 'uuid' } }, required: ['id'] };
  const content = { [JSON_TYPE]: { schema } };
  return {
    200: { description: 'It was here before, under this id.', content },
    202: { description: 'It is committed, and will be understood later.', content },
    400: problem('BadRequest'),
    401: problem('Unauthorized'),
    default: problem('Problem'),
  };
}

function pathParameters(
  found: readonly Parameter[],
  { params }: Pick<RouteDescription, 'params'>,
  schemas: JsonSchemas,
): Parameter[] {
  const described = params === undefined ? [] : inPlace('path', params, schemas);
  return found
    .filter((parameter) => parameter.in === 'path')
    .map(({ name }) => {
      const known = described.find((parameter) => parameter.name === name);
      return { name, in: 'path', required: true, schema: known?.schema ?? TEXT };
    });
}

function inPlace(place: string, schema: Parameters<JsonSchemas['of']>[0], schemas: JsonSchemas): Parameter[] {
  return schemas
    .fieldsOf(schema)
    .map(({ name, required, schema: field }) => ({ name, in: place, required, schema: field }));
}

function headerOf({ header, says }: HeaderProof): Parameter {
  return { name: header, in: 'header', required: true, description: says, schema: TEXT };
}

function bodyOf(body: Parameters<JsonSchemas['of']>[0], text: string | undefined, schemas: JsonSchemas): JsonSchema {
  const content = {
    [JSON_TYPE]: { schema: schemas.of(body, 'input') },
    ...(text === undefined ? {} : { [text]: { schema: TEXT } }),
  };
  // A request without a body is a body without fields, where none of them must be there.
  return { required: !body.safeParse({}).success, content };
}

function answerOf({ answer, type }: Partial<RouteDescription>, status: number, schemas: JsonSchemas): JsonSchema {
  if (answer === null) return { [status]: { description: 'Done; the answer is empty.' } };
  const content = {
    ...(answer === undefined ? {} : { [JSON_TYPE]: { schema: schemas.of(answer, 'output') } }),
    ...(type === undefined ? {} : { [type]: { schema: TEXT } }),
  };
  return { [status]: { description: 'Done.', ...(Object.keys(content).length === 0 ? {} : { content }) } };
}

function refusals(
  parameters: readonly Parameter[],
  { query, body, proof }: Partial<RouteDescription>,
  isGuarded: boolean,
): JsonSchema {
  return {
    ...(query === undefined && body === undefined ? {} : { 400: problem('BadRequest') }),
    ...(isGuarded || proof !== undefined ? { 401: problem('Unauthorized') } : {}),
    ...(isGuarded ? { 403: problem('Forbidden') } : {}),
    ...(parameters.some((parameter) => parameter.in === 'path') ? { 404: problem('NotFound') } : {}),
    default: problem('Problem'),
  };
}

function problem(name: keyof typeof problemResponses): JsonSchema {
  return { $ref: `#/components/responses/${name}` };
}

const PROBLEM_CONTENT = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };

/** The errors of every service, RFC 9457. */
export const problemResponses = {
  BadRequest: { description: 'What was sent is not as it should be; the fields are named.', content: PROBLEM_CONTENT },
  Unauthorized: { description: 'There is no credential, or it is not valid.', content: PROBLEM_CONTENT },
  Forbidden: { description: 'The credential is not for this.', content: PROBLEM_CONTENT },
  NotFound: { description: 'It is not there.', content: PROBLEM_CONTENT },
  Problem: { description: 'Any other error.', content: PROBLEM_CONTENT },
} as const;
