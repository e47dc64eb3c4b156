import { readAlertmanager } from './alertmanager/read-alertmanager';
import { readGeneric } from './generic/read-generic';
import { readGrafana } from './grafana/read-grafana';
import { type ReadSigns } from './sign';
import { readUptimeKuma } from './uptime-kuma/read-uptime-kuma';

/** Those that send with a token to `/hooks/alerts/:source`. Sentry signs what it sends, at an address of its own. */
export const TOKEN_SOURCES: Readonly<Record<string, ReadSigns>> = {
  alertmanager: readAlertmanager,
  grafana: readGrafana,
  'uptime-kuma': readUptimeKuma,
  generic: readGeneric,
};
