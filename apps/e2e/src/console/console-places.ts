export const DEPLOY = '/processes/product-maintenance-deploy-product-releases';

/** Every page of the console that `fillConsole` puts something on, with its heading. */
export const PLACES = [
  ['/processes', 'Processes'],
  [DEPLOY, 'deploy product releases'],
  [`${DEPLOY}?show=changes`, 'deploy product releases'],
  [`${DEPLOY}?show=history`, 'deploy product releases'],
  [`${DEPLOY}?show=reviews`, 'deploy product releases'],
  ['/inbox', 'My inbox'],
  ['/rounds', 'Rounds'],
  ['/products', 'Products'],
  ['/products/lugha', 'Lugha'],
  ['/alerts', 'Alerts'],
  ['/flows', 'Flows'],
  ['/flows?service=registry', 'Flows'],
  ['/tasks', 'Tasks'],
  ['/tasks/nightly-backup', 'Nightly backup'],
  ['/runs', 'Runs'],
  ['/releases', 'Releases'],
  ['/dead-letters', 'Dead letters'],
  ['/subscriptions', 'Subscriptions'],
  ['/messages', 'Messages'],
  ['/people', 'People'],
  ['/settings', 'Settings'],
] as const;
