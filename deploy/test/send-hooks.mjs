// Sends webhooks and asks the API, again and again, until it is told to stop; then says how many of them failed:
//   node deploy/test/send-hooks.mjs URL PRODUCT TOKEN
// One webhook each 20 ms, of which each is another one, and a look at the API each 50 ms.
const [url, product, token] = process.argv.slice(2);
const answers = {};
const failures = [];
let isOver = false;
let sent = 0;

async function attempt(kind, path, init) {
  const started = performance.now();
  let status;
  try {
    const response = await fetch(url + path, { ...init, signal: AbortSignal.timeout(15_000) });
    status = response.status;
    await response.arrayBuffer();
  } catch (error) {
    status = error.cause?.code ?? error.name;
  }
  answers[`${kind} ${status}`] = (answers[`${kind} ${status}`] ?? 0) + 1;
  if (!(status >= 200 && status < 300)) failures.push({ kind, status, at: new Date().toISOString() });
  return performance.now() - started;
}

const slowest = {};
async function every(ms, kind, make) {
  while (!isOver) {
    const [path, init] = make();
    void attempt(kind, path, init).then((took) => (slowest[kind] = Math.max(slowest[kind] ?? 0, Math.round(took))));
    await new Promise((resolve) => setTimeout(resolve, ms));
  }
}

const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
const report = (n) => JSON.stringify({ week: '2026-W40', kpis: { [`n${n % 20}`]: n } });
const alert = (n) => JSON.stringify({ title: `Alert ${n}`, severity: 'info', key: `key-${n % 10}` });

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => (isOver = true));
await Promise.all([
  every(20, 'hook', () => {
    sent += 1;
    const isAlert = sent % 2 === 0;
    return [
      isAlert ? '/hooks/alerts/generic' : `/hooks/kpi/${product}`,
      { method: 'POST', headers, body: isAlert ? alert(sent) : report(sent) },
    ];
  }),
  every(50, 'page', () => ['/api/public/nowhere', {}]),
]);
await new Promise((resolve) => setTimeout(resolve, 1000));
const failed = failures.filter(({ kind, status }) => kind === 'hook' || status !== 404);
console.log(JSON.stringify({ answers, slowestMs: slowest, failed: failed.length, failures: failed.slice(0, 5) }));
process.exit(failed.length === 0 ? 0 : 1);
