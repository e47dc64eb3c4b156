import { Module } from '@nestjs/common';
import { registryDatabase } from '../database';
import { LetterRepository } from './letter.repository';
import { LettersOfAll } from './letters-of-all';
import { ListLetterWhenItIsKept } from './list-letter-when-it-is-kept';
import { NoteOutcomeWhenLetterIsSettled } from './note-outcome-when-letter-is-settled';

@Module({
  imports: [registryDatabase],
  controllers: [ListLetterWhenItIsKept, NoteOutcomeWhenLetterIsSettled],
  providers: [LetterRepository, LettersOfAll],
})
export class LettersModule {}
