import { Module } from '@nestjs/common';
import { registryDatabase } from '../database';
import { BotRepository } from './bot.repository';
import { PersonRepository } from './person.repository';

/** The tables of people, apart from what is done with them: processes need the one, and people's use cases need both. */
@Module({
  imports: [registryDatabase],
  providers: [PersonRepository, BotRepository],
  exports: [PersonRepository, BotRepository],
})
export class PersonStoreModule {}
