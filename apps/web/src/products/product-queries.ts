import { useQuery } from '@tanstack/react-query';
import { answerOf, api, type Schema } from '../api/client';
import { allPages } from '../api/pages';

export type Product = Schema<'ProductView'>;
export type Kpi = Schema<'KpiView'>;

const PAGE = 1000;

/** All products, by id: all pages of the list. */
export function useProducts() {
  return useQuery({
    queryKey: ['products', 'list'],
    queryFn: () =>
      allPages((cursor) => answerOf(api.GET('/api/products', { params: { query: { limit: PAGE, ...cursor } } }))),
  });
}

export function useProduct(id: string) {
  return useQuery({
    queryKey: ['products', 'one', id],
    queryFn: () => answerOf(api.GET('/api/products/{id}', { params: { path: { id } } })),
  });
}

/** Every figure since a week. @param product null for those of all products */
export function useKpis(product: string | null, from: string) {
  return useQuery({
    queryKey: ['kpis', product, from],
    queryFn: () =>
      allPages((cursor) => {
        const query = { from, limit: PAGE, ...(product === null ? {} : { product }), ...cursor };
        return answerOf(api.GET('/api/kpis', { params: { query } }));
      }),
  });
}
