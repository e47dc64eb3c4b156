import { Module } from '@nestjs/common';
import { notifierDatabase } from '../database';
import { PeopleModule } from '../people/people.module';
import { ProductsModule } from '../products/products.module';
import { AdminChats } from './admin-chats';
import { AdminGroupRepository } from './admin-group.repository';

@Module({
  imports: [notifierDatabase, PeopleModule, ProductsModule],
  providers: [AdminChats, AdminGroupRepository],
  exports: [AdminChats, AdminGroupRepository, ProductsModule],
})
export class ChatsModule {}
