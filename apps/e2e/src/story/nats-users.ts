import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const CONF = join(__dirname, '../../../../deploy/nats/recert.conf');

/** The users of NATS as they are in production, with what each may do, and their passwords written out. */
export function natsUsers(): string {
  const conf = readFileSync(CONF, 'utf8');
  return conf
    .slice(conf.indexOf('authorization {'))
    .replace(/password: \$([A-Z_]+)_NATS_PASSWORD/g, (_, name: string) => `password: ${passwordOf(name)}`);
}

/** @param url of the server @returns the url under which this service comes to it */
export function natsUrlOf(service: string, url: string): string {
  const name = service.toUpperCase().replaceAll('-', '_');
  return url.replace('nats://', `nats://${service}:${passwordOf(name)}@`);
}

function passwordOf(name: string): string {
  return `s-of-${name.toLowerCase()}`;
}
