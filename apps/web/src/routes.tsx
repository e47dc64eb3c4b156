import { createBrowserRouter, Navigate, type RouteObject } from 'react-router';
import { BrokenPage } from './shell/broken-page';
import { Shell } from './shell/shell';
import { Waiting } from './shell/waiting';

const HUB = ['flows', 'tasks', 'tasks/:id', 'runs', 'runs/:id', 'releases', 'dead-letters', 'subscriptions'];

/** Each page is fetched when somebody goes there. */
const pages: RouteObject[] = [
  { path: 'processes', lazy: () => import('./processes/processes-page') },
  { path: 'processes/:id', lazy: () => import('./processes/process-page') },
  { path: 'rounds', lazy: () => import('./rounds/rounds-page') },
  { path: 'inbox', lazy: () => import('./inbox/inbox-page') },
  { path: 'people', lazy: () => import('./people/people-page') },
  { path: 'settings', lazy: () => import('./settings/settings-page') },
  { path: 'products', lazy: () => import('./products/products-page') },
  { path: 'products/:id', lazy: () => import('./products/product-page') },
  { path: 'alerts', lazy: () => import('./alerts/alerts-page') },
  { path: 'messages', lazy: () => import('./messages/messages-page') },
  ...HUB.map((path) => ({ path, lazy: async () => (await import('./hub/hub-routes')).hubPage(path) })),
];

export const router = createBrowserRouter([
  { path: '/login', lazy: () => import('./shell/login-page'), HydrateFallback: Waiting, ErrorBoundary: BrokenPage },
  { path: '/p/:id', lazy: () => import('./readers/public-page'), HydrateFallback: Waiting, ErrorBoundary: BrokenPage },
  {
    path: '/',
    Component: Shell,
    HydrateFallback: Waiting,
    ErrorBoundary: BrokenPage,
    children: [
      { index: true, element: <Navigate to="/processes" replace /> },
      // A page that breaks leaves the way to the others open.
      { ErrorBoundary: BrokenPage, children: pages },
      { path: '*', lazy: () => import('./shell/lost-page') },
    ],
  },
]);
