import { Module } from '@nestjs/common';
import { registryDatabase } from '../database';
import { PersonRepository } from './person.repository';

@Module({ imports: [registryDatabase], providers: [PersonRepository], exports: [PersonRepository] })
export class PeopleModule {}
