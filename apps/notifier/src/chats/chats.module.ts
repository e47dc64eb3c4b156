import { Module } from '@nestjs/common';
import { notifierDatabase } from '../database';
import { MessagesModule } from '../messages/messages.module';
import { PeopleModule } from '../people/people.module';
import { ProductsModule } from '../products/products.module';
import { AdminChats } from './admin-chats';
import { AdminGroups } from './admin-groups';
import { AdminGroupRepository } from './admin-group.repository';

@Module({
  imports: [notifierDatabase, MessagesModule, PeopleModule, ProductsModule],
  providers: [AdminChats, AdminGroupRepository, AdminGroups],
  exports: [AdminChats, AdminGroupRepository, AdminGroups, MessagesModule, ProductsModule],
})
export class ChatsModule {}
