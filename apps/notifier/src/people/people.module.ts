import { Module } from '@nestjs/common';
import { notifierDatabase } from '../database';
import { KnowPersonWhenPersonChanges } from './know-person-when-person-changes';
import { PersonRepository } from './person.repository';

@Module({
  imports: [notifierDatabase],
  controllers: [KnowPersonWhenPersonChanges],
  providers: [PersonRepository],
  exports: [PersonRepository],
})
export class PeopleModule {}
