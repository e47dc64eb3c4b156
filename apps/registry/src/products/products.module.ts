import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module';
import { registryDatabase } from '../database';
import { HistoryModule } from '../history/history.module';
import { PersonStoreModule } from '../people/person-store.module';
import { ProcessesModule } from '../processes/processes.module';
import { AnnounceProducts } from './announce-products';
import { EditProduct } from './edit-product';
import { MakeAnotherToken } from './make-another-token';
import { ProductStoreModule } from './product-store.module';
import { ProductsController } from './products.controller';
import { RegisterProduct } from './register-product';
import { ProductWriter } from './write-product';

@Module({
  imports: [registryDatabase, ProductStoreModule, ProcessesModule, PersonStoreModule, AccessModule, HistoryModule],
  controllers: [ProductsController],
  providers: [RegisterProduct, EditProduct, MakeAnotherToken, ProductWriter, AnnounceProducts],
})
export class ProductsModule {}
