import { type PipeTransform } from '@nestjs/common';
import { unstorableIn } from '@recert/bus';
import { type z } from 'zod';
import { UserError } from '../errors';
import { fieldsOf } from './problem.filter';

/**
 * Takes a body or a query through a schema of libs/contracts: `@Body(parsed(processPatch)) patch: ProcessPatch`.
 * @throws UserError 400 that names every wrong field
 */
export function parsed<S extends z.ZodType>(schema: S): PipeTransform<unknown, z.output<S>> {
  return {
    transform(value: unknown): z.output<S> {
      // A request without a body is a body without fields.
      const result = schema.safeParse(value ?? {});
      if (result.success) return storable(result.data);
      const errors = fieldsOf(result.error);
      throw new UserError(400, errors.map((error) => `${error.field}: ${error.message}`).join('; '), errors);
    },
  };
}

function storable<T>(data: T): T {
  const fault = unstorableIn(data, JSON.stringify(data));
  if (fault !== null) throw new UserError(400, fault);
  return data;
}
