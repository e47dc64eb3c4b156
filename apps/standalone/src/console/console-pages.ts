/** Styles are written by the component library and into drawn flowcharts as the page goes; scripts are ours alone. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** The first words of the addresses that the console shows itself. */
const PAGES = [
  ...['processes', 'inbox', 'rounds', 'products', 'alerts', 'messages', 'people', 'settings'],
  ...['flows', 'tasks', 'runs', 'releases', 'dead-letters', 'subscriptions'],
];
/** Where the console is a page, as Nest writes paths. */
export const PATHS = ['/', '/login', '/p/:id', ...PAGES.flatMap((page) => [`/${page}`, `/${page}/:id`])];
