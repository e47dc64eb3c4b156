import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module';
import { registryDatabase } from '../database';
import { HistoryModule } from '../history/history.module';
import { ProcessesModule } from '../processes/processes.module';
import { ProductStoreModule } from '../products/product-store.module';
import { EditPerson } from './edit-person';
import { HandOver } from './hand-over';
import { HandOverProcesses } from './hand-over-processes';
import { HandOverProducts } from './hand-over-products';
import { InvitePerson } from './invite-person';
import { NoteLinkWhenPersonIsLinked } from './note-link-when-person-is-linked';
import { PeopleController } from './people.controller';
import { PersonStoreModule } from './person-store.module';

@Module({
  imports: [registryDatabase, PersonStoreModule, ProcessesModule, ProductStoreModule, HistoryModule, AccessModule],
  controllers: [PeopleController, NoteLinkWhenPersonIsLinked],
  providers: [EditPerson, HandOver, HandOverProcesses, HandOverProducts, InvitePerson],
})
export class PeopleModule {}
