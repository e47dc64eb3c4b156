import { Catch, type ExceptionFilter } from '@nestjs/common';

/** Lets an error through to whoever stored the update: the filter for HTTP would look for a response to write to. */
@Catch()
export class Rethrow implements ExceptionFilter {
  catch(error: unknown): never {
    throw error;
  }
}
