import { Body, Controller, Get, HttpCode, Inject, Param, Patch, Post, Query, Req } from '@nestjs/common';
import {
  pageOf,
  pageQuery,
  productBody,
  productCreated,
  productPatch,
  productView,
  tokenView,
  type Page,
  type ProductBody,
  type ProductCreated,
  type ProductPatch,
  type ProductView,
} from '@recert/contracts';
import {
  Access,
  Describe,
  fromCursor,
  KIT_CONFIG,
  ownAddress,
  pageFrom,
  parsed,
  Sender,
  UserError,
  type KitConfig,
  type Principal,
  type WithAddress,
} from '@recert/service-kit';
import { type z } from 'zod';
import { EditProduct } from './edit-product';
import { MakeAnotherToken } from './make-another-token';
import { toProductView } from './product';
import { ProductRepository } from './product.repository';
import { RegisterProduct } from './register-product';

@Controller('api/products')
export class ProductsController {
  constructor(
    private readonly products: ProductRepository,
    private readonly registering: RegisterProduct,
    private readonly editing: EditProduct,
    private readonly rotating: MakeAnotherToken,
    @Inject(KIT_CONFIG) private readonly config: KitConfig,
  ) {}

  /** By id. */
  @Get()
  @Access('viewer')
  @Describe({ says: 'Products, by id.', query: pageQuery, answer: pageOf(productView) })
  async list(
    @Query(parsed(pageQuery)) query: z.output<typeof pageQuery>,
    @Req() request: WithAddress,
  ): Promise<Page<ProductView>> {
    const [after] = fromCursor(query.cursor, 1) ?? [null];
    const found = await this.products.page(after === null ? null : String(after), query.limit + 1);
    const { items, next } = pageFrom(found, query.limit, ({ id }) => [id]);
    return { items: items.map((product) => toProductView(product, this.base(request))), next };
  }

  @Get(':id')
  @Access('viewer')
  @Describe({ says: 'One product.', answer: productView })
  async show(@Param('id') id: string, @Req() request: WithAddress): Promise<ProductView> {
    const product = await this.products.find(id);
    if (product === null) throw UserError.notFound(`product "${id}"`);
    return toProductView(product, this.base(request));
  }

  /** The token is shown this once. */
  @Post()
  @HttpCode(201)
  @Access('admin')
  @Describe({ says: 'Registers a product; its token is shown this once.', body: productBody, answer: productCreated })
  async register(
    @Body(parsed(productBody)) body: ProductBody,
    @Sender() sender: Principal,
    @Req() request: WithAddress,
  ): Promise<ProductCreated> {
    const { product, token } = await this.registering.register(body, sender.name);
    return { ...toProductView(product, this.base(request)), tokenId: token.id, token: token.token };
  }

  @Patch(':id')
  @Access('admin')
  @Describe({
    says: 'Changes the named fields; making it inactive revokes its tokens and retires its processes.',
    body: productPatch,
    answer: productView,
  })
  async edit(
    @Param('id') id: string,
    @Body(parsed(productPatch)) patch: ProductPatch,
    @Sender() sender: Principal,
    @Req() request: WithAddress,
  ): Promise<ProductView> {
    return toProductView(await this.editing.edit(id, patch, sender.name), this.base(request));
  }

  /** A second token, for rotation. It is shown this once. */
  @Post(':id/tokens')
  @HttpCode(201)
  @Access('admin')
  @Describe({ says: 'Another token, to rotate it; it is shown this once.', answer: tokenView })
  async rotate(@Param('id') productId: string, @Sender() sender: Principal): Promise<z.output<typeof tokenView>> {
    const { id, token } = await this.rotating.make(productId, sender.name);
    return { id, token };
  }

  private base(request: WithAddress): string {
    return ownAddress(request, this.config.PUBLIC_URL);
  }
}
