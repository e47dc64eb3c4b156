// A small console over the HTTP API. What people wrote is put on the page as text, never as markup.

/** @param {string} tag @param {Record<string, unknown>} props @param {...(Node | string)} children */
function el(tag, props = {}, ...children) {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children);
  return node;
}

const page = document.getElementById('page');
const notice = document.getElementById('notice');

function say(text, bad = false) {
  notice.textContent = text;
  notice.className = bad ? 'bad' : '';
}

class Refused extends Error {
  constructor(status, problem) {
    super(
      [
        problem.detail,
        ...(problem.errors ?? []).map((e) => `${e.file ? `${e.file}:${e.line} ` : ''}${e.message}`),
      ].join(' · '),
    );
    this.status = status;
  }
}

async function api(method, path, body) {
  const init = { method, headers: body === undefined ? {} : { 'content-type': 'application/json' } };
  if (body !== undefined) init.body = JSON.stringify(body);
  const response = await fetch(path, init);
  const text = await response.text();
  const data = text === '' ? null : JSON.parse(text);
  if (!response.ok) throw new Refused(response.status, data ?? { detail: response.statusText });
  return data;
}

function action(label, work, first = false) {
  const button = el('button', { textContent: label, className: first ? 'first' : '', type: 'button' });
  button.addEventListener('click', async () => {
    button.disabled = true;
    try {
      await work();
    } catch (error) {
      say(error.message, true);
    } finally {
      button.disabled = false;
    }
  });
  return button;
}

const day = (instant) => (instant === null ? '–' : instant.slice(0, 10));
const time = (instant) => (instant === null ? '–' : instant.slice(0, 16).replace('T', ' '));

function table(heads, rows) {
  const head = el('tr', {}, ...heads.map((text) => el('th', { textContent: text, scope: 'col' })));
  const body = rows.map((cells) =>
    el('tr', {}, ...cells.map((cell) => el('td', {}, cell instanceof Node ? cell : String(cell)))),
  );
  return el('div', { className: 'scroll' }, el('table', {}, el('thead', {}, head), el('tbody', {}, ...body)));
}

const ANSWERS = [
  ['needs-update', 'Yes'],
  ['correct', 'No, it is correct'],
  ['not-mine', 'Not mine'],
  ['later', 'Later'],
];

async function inbox() {
  const { items } = await api('GET', '/api/inbox');
  if (items.length === 0) {
    page.replaceChildren(
      el('p', {
        textContent: 'Nothing waits for you. A process can be asked about at any time from the list of processes.',
      }),
    );
    return;
  }
  page.replaceChildren(...items.map(question));
}

function question(item) {
  const answer = (value) => async () => {
    await api('POST', `/api/processes/${encodeURIComponent(item.processId)}/response`, {
      answer: value,
      reviewId: item.reviewId,
    });
    say(`Answered: ${item.name}`);
    await show();
  };
  const link = item.recordLink
    ? [el('a', { href: item.recordLink, target: '_blank', rel: 'noopener', textContent: 'Open the record' })]
    : [];
  return el(
    'section',
    { className: 'card' },
    el('strong', { textContent: item.name }),
    el('span', {
      className: 'soft',
      textContent: `  ${item.section ?? ''} · R-${item.number}${item.reminder > 0 ? ` · reminder ${item.reminder}` : ''} · for ${item.to}`,
    }),
    el('p', { textContent: 'Review your process description. Do you need to update it?' }),
    ...link,
    el(
      'div',
      { className: 'row' },
      ...ANSWERS.map(([value, label]) => action(label, answer(value), value === 'correct')),
    ),
  );
}

async function all(path) {
  const items = [];
  for (let cursor = null, n = 0; n < 20; n += 1) {
    const data = await api(
      'GET',
      `${path}${path.includes('?') ? '&' : '?'}limit=500${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
    );
    items.push(...data.items);
    cursor = data.next;
    if (cursor === null) break;
  }
  return items;
}

async function processes() {
  const items = await all('/api/processes');
  const importNow = async () => {
    const report = await api('POST', '/api/library/import', {});
    say(
      `Imported: ${report.created.length} new, ${report.changed.length} changed, ${report.retired.length} retired, ${report.unchanged} unchanged`,
    );
    await show();
  };
  const rows = items.map((p) => [
    el('a', { href: `#/process/${encodeURIComponent(p.id)}`, textContent: p.name }),
    p.section ?? '',
    p.owner ?? '–',
    el('span', { className: p.status, textContent: p.documented ? p.status : 'undocumented' }),
    day(p.certificationDate),
    p.triggerPeriod,
    day(p.nextDueAt),
  ]);
  const documented = items.filter((p) => p.documented && p.status !== 'retired');
  const certified = documented.filter((p) => p.status === 'certified').length;
  page.replaceChildren(
    el('p', {
      textContent: `${certified} of ${documented.length} documented processes are certified; ${items.filter((p) => !p.documented).length} are not documented.`,
    }),
    el('div', { className: 'row' }, action('Import the library', importNow)),
    table(['Process', 'Section', 'Owner', 'Status', 'Certified', 'Period', 'Next due'], rows),
  );
}

async function oneProcess(id) {
  const path = `/api/processes/${encodeURIComponent(id)}`;
  const [p, history] = await Promise.all([api('GET', path), all(`${path}/history`)]);
  const ask = async () => {
    await api('POST', `${path}/ask`, {});
    say('The owner is asked now.');
  };
  page.replaceChildren(
    el('h2', { textContent: p.name }),
    el('p', {
      textContent: `${p.section ?? ''} · owner ${p.owner ?? '–'} · ${p.status} · certified ${day(p.certificationDate)} · next due ${time(p.nextDueAt)}`,
    }),
    el('div', { className: 'row' }, action('Ask now', ask, true)),
    ...(p.record ? [el('h3', { textContent: 'Record' }), el('pre', { textContent: p.record })] : []),
    el('h3', { textContent: 'History' }),
    table(
      ['At', 'By', 'Field', 'Old', 'New', 'Cause', 'Source'],
      history.map((h) => [time(h.at), h.by, h.field, h.old ?? '–', h.new ?? '–', h.cause, h.source]),
    ),
  );
}

async function people() {
  const items = await all('/api/people');
  const rows = items.map((person) => [
    person.handle,
    person.name,
    person.roles.join(', '),
    String(person.owns),
    person.telegram.linked ? 'linked' : (person.telegram.lost ?? 'not linked'),
    action('Invite', async () => {
      const { url, expiresAt } = await api('POST', `/api/people/${encodeURIComponent(person.handle)}/invite`, {});
      say(`Send this to ${person.name}; it works once, until ${time(expiresAt)} UTC: ${url}`);
    }),
  ]);
  page.replaceChildren(table(['Handle', 'Name', 'Roles', 'Owns', 'Telegram', ''], rows));
}

async function messages() {
  const items = await all('/api/messages');
  page.replaceChildren(
    table(
      ['At', 'To', 'Kind', 'State', 'Text', 'Error'],
      items.map((m) => [time(m.createdAt), m.to, m.kind, m.state, m.text, m.error ?? '']),
    ),
  );
}

function signIn() {
  const code = location.hash.slice(1);
  document.getElementById('nav').hidden = true;
  if (location.pathname !== '/login' || code.length < 16) {
    page.replaceChildren(
      el('p', {
        textContent:
          'Open the one-time admin link that was printed when Recert started. A new one is printed at every start.',
      }),
    );
    return;
  }
  // A click, not the visit, uses the code up: programs that preview links must not burn it.
  const enter = async () => {
    await api('POST', '/api/session', { code });
    history.replaceState(null, '', '/#/processes');
    await show();
  };
  page.replaceChildren(el('div', { className: 'row' }, action('Sign in', enter, true)));
}

const PAGES = { inbox, processes, people, messages };

async function show() {
  let me;
  try {
    me = await api('GET', '/api/session');
  } catch (error) {
    if (error.status === 401) return signIn();
    return say(error.message, true);
  }
  document.getElementById('nav').hidden = false;
  document.getElementById('who').textContent = me.name;
  const [, name, id] = location.hash.split('/');
  for (const link of document.querySelectorAll('nav a')) {
    link.toggleAttribute('aria-current', false);
    if (link.getAttribute('href') === `#/${name}`) link.setAttribute('aria-current', 'page');
  }
  try {
    if (name === 'process' && id) await oneProcess(decodeURIComponent(id));
    else await (PAGES[name] ?? processes)();
  } catch (error) {
    say(error.message, true);
  }
}

window.addEventListener('hashchange', () => {
  say('');
  void show();
});
void show();
