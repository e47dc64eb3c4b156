// Posts captured webhooks to a running installation, each as its sender would, and says what became of them.
import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const USAGE = `node tools/post-webhooks.mjs <folder> [--url http://127.0.0.1:3000] --token <api token of an admin>
    [--sentry-secret <secret>] [--github-secret <secret>]

The folder and the folders in it hold captures: NAME.wire is the exact body, or NAME.json where there is no such file, and
NAME.headers its headers. Who sends one is read from the names of its folder and file: sentry, github, alertmanager,
grafana, uptime-kuma. With a secret the body is signed anew; else the signature of the capture is sent.`;

/** What is not the sender's to say, but of the connection. */
const OF_THE_CONNECTION = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'accept-encoding']);
/** What has changed nothing for so long has been handled without an alert. */
const QUIET_MS = 800;
const LOOK_MS = 50;
const SLOWEST_RETRY_S = 60;

/** By the first word that a path has. */
const SENDERS = [
  ['sentry', '/hooks/sentry'],
  ['github', '/hooks/github'],
  ...['alertmanager', 'grafana', 'uptime-kuma'].map((source) => [source, `/hooks/alerts/${source}`]),
];

const sha256 = (secret, body) => createHmac('sha256', secret).update(body).digest('hex');

function readArguments() {
  const text = { type: 'string' };
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { url: text, token: text, 'sentry-secret': text, 'github-secret': text },
    });
    const [folder, ...others] = positionals;
    if (folder === undefined || others.length > 0) throw new Error('One folder is needed.');
    if (values.token === undefined) throw new Error('What became of a webhook is read with --token.');
    const { url = 'http://127.0.0.1:3000', token } = values;
    return {
      ...{ folder: resolve(folder), url: url.replace(/\/+$/, ''), token },
      secrets: { sentry: values['sentry-secret'], github: values['github-secret'] },
    };
  } catch (error) {
    console.error(`${error.message}\n\n${USAGE}`);
    process.exit(2);
  }
}

/** Every capture below the folder, by name. */
function capturesIn(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const known = new Set(files);
  const isBody = (file) => file.endsWith('.wire') || (file.endsWith('.json') && !known.has(`${stem(file)}.wire`));
  return files
    .filter(isBody)
    .sort()
    .map((file) => ({
      name: relative(folder, file),
      body: readFileSync(file),
      headers: known.has(`${stem(file)}.headers`) ? headersOf(readFileSync(`${stem(file)}.headers`, 'utf8')) : {},
      ...senderOf(join(basename(folder), relative(folder, file))),
    }));
}

function stem(file) {
  return file.replace(/\.(wire|json)$/, '');
}

/** @param text of a request's head, with or without its first line */
function headersOf(text) {
  const lines = text.split(/\r?\n/).flatMap((line) => [/^([!#$%&'*+.^`|~\w-]+):\s*(.*?)\s*$/.exec(line) ?? []]);
  const pairs = lines.filter(([, name]) => name !== undefined).map(([, name, value]) => [name.toLowerCase(), value]);
  return Object.fromEntries(pairs.filter(([name]) => !OF_THE_CONNECTION.has(name)));
}

function senderOf(path) {
  const words = path.toLowerCase().replaceAll('_', '-');
  const [sender = null, route = null] =
    SENDERS.find(([name]) => new RegExp(`(^|[^a-z])${name}([^a-z]|$)`).test(words)) ?? [];
  return { sender, route };
}

function signed({ sender, body, headers }, secrets) {
  const secret = secrets[sender];
  if (secret === undefined) return headers;
  return sender === 'sentry'
    ? { ...headers, 'sentry-hook-signature': sha256(secret, body) }
    : { ...headers, 'x-hub-signature-256': `sha256=${sha256(secret, body)}` };
}

/** The installation's API, as an admin sees it. */
class Api {
  constructor({ url, token }) {
    this.url = url;
    this.token = token;
  }

  async call(method, path, body) {
    const authorization = `Bearer ${this.token}`;
    const json = { 'content-type': 'application/json' };
    const response = await fetch(this.url + path, {
      method,
      headers: { authorization, ...(body === undefined ? {} : json) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${text}`);
    return text === '' ? null : JSON.parse(text);
  }

  /** Every item of a list, by the name that `key` gives it. */
  async list(path, key) {
    const found = new Map();
    for (let cursor = ''; cursor !== null;) {
      const page = await this.call('GET', `${path}?limit=1000${cursor === '' ? '' : `&cursor=${cursor}`}`);
      for (const item of page.items) found.set(key(item), item);
      cursor = page.next === null ? null : encodeURIComponent(page.next);
    }
    return found;
  }

  alerts() {
    return this.list('/api/alerts', ({ id }) => id);
  }

  deadLetters() {
    return this.list('/api/dead-letters', ({ eventId }) => eventId);
  }
}

/** As its sender would; waits where it is told to. */
async function post(url, { body, headers }) {
  for (;;) {
    const request = { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } };
    const response = await fetch(url, request);
    const text = await response.text();
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
    if (response.status !== 429 || !(seconds <= SLOWEST_RETRY_S)) return { status: response.status, text };
    await sleep(1000 * seconds);
  }
}

/** Waits until the webhook has changed an alert or become a dead letter, or nothing happens any more. */
async function outcomeOf(api, id, before) {
  for (const end = performance.now() + QUIET_MS; ;) {
    const isLast = performance.now() >= end;
    const [alerts, dead] = await Promise.all([api.alerts(), api.deadLetters()]);
    const changed = [...alerts.values()].filter((alert) => before.get(alert.id)?.version !== alert.version);
    if (isLast || changed.length > 0 || dead.has(id)) return { alerts, changed, dead: dead.get(id) };
    await sleep(LOOK_MS);
  }
}

function inWords({ changed, dead }, before) {
  if (dead !== undefined) return `DEAD LETTER: ${dead.reason}`;
  if (changed.length === 0) return 'no alert';
  return changed.map((alert) => describe(alert, before.has(alert.id))).join('; ');
}

function describe({ kind, severity, status, count, product, title }, wasThere) {
  const state = wasThere ? `now ${status}, ${count} times` : status;
  return `${severity} ${kind} ${state}${product === null ? '' : ` of ${product}`}: ${title.slice(0, 90)}`;
}

/** A token for the sources that there are captures of; null when there are none. */
async function newToken(api, captures) {
  const sources = captures.flatMap(({ sender, route }) => (route?.startsWith('/hooks/alerts/') ? [sender] : []));
  if (sources.length === 0) return null;
  const scopes = [...new Set(sources)].map((source) => `alerts:${source}`);
  return api.call('POST', '/api/tokens', { name: 'post-webhooks', scopes });
}

/** Posts one capture. @returns a line, how it is counted, and what is known from then on */
async function postOne({ api, token, url, secrets }, capture, known) {
  const { name, sender, route } = capture;
  if (route === null) return { counts: 'skipped', line: `SKIPPED ${name}: its name tells no sender` };
  const isOfToken = route.startsWith('/hooks/alerts/');
  const headers = isOfToken ? { authorization: `Bearer ${token.token}` } : signed(capture, secrets);
  const { status, text } = await post(url + route, { ...capture, headers: { ...capture.headers, ...headers } });
  if (status === 404 && sender === 'github') {
    return { counts: 'skipped', line: `SKIPPED ${name}: this installation has no ${route}` };
  }
  if (status !== 200 && status !== 202) return { counts: 'failed', line: `${status} REFUSED ${name}: ${text}` };
  const { id } = JSON.parse(text);
  if (status === 200) return { counts: 'accepted', id, line: `${status} ${id} ${name}: it was here before` };
  const outcome = await outcomeOf(api, id, known);
  return {
    counts: outcome.dead === undefined ? 'accepted' : 'failed',
    ...{ id, known: outcome.alerts, line: `${status} ${id} ${name}: ${inWords(outcome, known)}` },
  };
}

/** Those that became dead letters after all, such as those that were tried several times. */
async function lateDeadLetters(api, accepted) {
  const dead = await api.deadLetters();
  return accepted.filter(({ id }) => dead.has(id)).map((one) => ({ ...one, reason: dead.get(one.id).reason }));
}

async function run({ folder, url, token: adminToken, secrets }) {
  const captures = capturesIn(folder);
  if (captures.length === 0) throw new Error(`There is no capture in ${folder}: neither *.wire nor *.json.`);
  const api = new Api({ url, token: adminToken });
  const token = await newToken(api, captures);
  const tally = { accepted: 0, skipped: 0, failed: 0 };
  const accepted = [];
  try {
    let known = await api.alerts();
    for (const capture of captures) {
      const posted = await postOne({ api, token, url, secrets }, capture, known);
      console.log(posted.line);
      tally[posted.counts] += 1;
      if (posted.counts === 'accepted') accepted.push({ id: posted.id, name: capture.name });
      known = posted.known ?? known;
    }
    for (const { id, name, reason } of await lateDeadLetters(api, accepted)) {
      console.log(`DEAD LETTER ${id} ${name}: ${reason}`);
      tally.accepted -= 1;
      tally.failed += 1;
    }
  } finally {
    if (token !== null) await api.call('DELETE', `/api/tokens/${token.id}`);
  }
  console.log(`${tally.accepted} accepted, ${tally.skipped} skipped, ${tally.failed} failed`);
  if (tally.failed > 0) process.exitCode = 1;
}

try {
  await run(readArguments());
} catch (error) {
  console.error(error.message, error.cause?.message ?? '');
  process.exitCode = 1;
}
