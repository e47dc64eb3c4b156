import { pageOf, pageQuery, processView, productBody } from '@recert/contracts';
import { z } from 'zod';
import { JsonSchemas } from './json-schemas';

describe('the JSON schema', () => {
  let schemas: JsonSchemas;

  beforeEach(() => {
    schemas = new JsonSchemas();
  });

  it('of a contract is its name, which stands among the named ones', () => {
    expect(schemas.of(processView, 'output')).toEqual({ $ref: '#/components/schemas/ProcessView' });
    expect(schemas.named['ProcessView']).toMatchObject({
      type: 'object',
      properties: { name: { type: 'string' }, status: { $ref: '#/components/schemas/ProcessStatus' } },
    });
    expect(schemas.named['ProcessStatus']).toMatchObject({ type: 'string', enum: expect.any(Array) as unknown });
  });

  it('of a list is a page of that name', () => {
    expect(schemas.of(pageOf(processView), 'output')).toEqual({
      type: 'object',
      properties: {
        items: { type: 'array', items: { $ref: '#/components/schemas/ProcessView' } },
        next: { type: ['string', 'null'] },
      },
      required: ['items', 'next'],
    });
  });

  it('of what is sent wants no field that has a default', () => {
    const sent = z.object({ name: z.string(), admins: z.array(z.string()).default([]) });
    expect(schemas.of(sent, 'input')).toMatchObject({
      properties: { admins: { type: 'array', description: '[] where it is missing.' } },
      required: ['name'],
    });
    expect(JSON.stringify(schemas.of(sent, 'input'))).not.toContain('default');
    expect(schemas.of(sent, 'output')).toMatchObject({ required: ['name', 'admins'] });
  });

  it('keeps both names where a contract is another one when it is answered', () => {
    schemas.of(productBody, 'input');
    schemas.of(z.array(productBody), 'output');
    expect(schemas.named['ProductBody']).toMatchObject({ required: ['name', 'owner'] });
    expect(schemas.named['ProductBodyOutput']).toMatchObject({ required: ['name', 'owner', 'admins', 'week'] });
  });

  it('lets an answer have fields that are not known yet, and a strict body none', () => {
    expect(schemas.of(z.object({ a: z.string() }), 'output')).not.toHaveProperty('additionalProperties');
    expect(schemas.of(z.strictObject({ a: z.string() }), 'input')).toMatchObject({ additionalProperties: false });
  });

  it('says no more of a number or an instant than that it is one', () => {
    const shape = z.object({ count: z.int(), from: z.int().min(1), at: z.iso.datetime() });
    expect(schemas.of(shape, 'output')).toMatchObject({
      properties: {
        count: { type: 'integer' },
        from: { type: 'integer', minimum: 1 },
        at: { type: 'string', format: 'date-time' },
      },
    });
    expect(JSON.stringify(schemas.of(shape, 'output'))).not.toMatch(/pattern|maximum/);
  });

  it('of a query comes field by field', () => {
    const query = z.object({ limit: z.coerce.number().int().min(1).max(9).default(5), product: z.string() });
    expect(schemas.fieldsOf(query)).toEqual([
      { name: 'limit', required: false, schema: { type: 'integer', minimum: 1, maximum: 9, default: 5 } },
      { name: 'product', required: true, schema: { type: 'string' } },
    ]);
    // A contract as a whole has fields, too.
    expect(schemas.fieldsOf(pageQuery).map(({ name }) => name)).toEqual(['limit', 'cursor']);
    expect(schemas.named).toEqual({});
  });
});
