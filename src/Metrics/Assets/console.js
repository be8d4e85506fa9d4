// Makes the server-rendered pages live. Every page is complete and every action works without it.
// An event stream says that something changed; the page is fetched again and the difference is swapped in, so that focus,
// scroll, selections, opened details and what somebody is typing stay as they are.

const parser = new DOMParser();
const page = { accept: 'text/html' };
const betweenRefreshes = 400;
const longestRetry = 30_000;
const afterTyping = 180;

// --- swapping ---

// The first class says what a thing is, further ones how it stands: a notice is never turned into the list below it.
function sameKind(a, b) {
  return a.nodeType === b.nodeType && a.nodeName === b.nodeName && !a.id && !b.id && a.classList?.[0] === b.classList?.[0];
}

// The thing that is wanted, here or further on: what stands before it may have gone.
function findKind(at, wanted) {
  if (wanted.nodeType !== Node.ELEMENT_NODE) return at && sameKind(at, wanted) ? at : null;
  while (at && !sameKind(at, wanted)) at = at.nextSibling;
  return at;
}

function morph(now, next) {
  if (now.nodeType !== Node.ELEMENT_NODE) {
    if (now.data !== next.data) now.data = next.data;
    return;
  }
  if (now.isEqualNode(next) || (now.hasAttribute('data-keep') && next.hasAttribute('data-keep'))) return;
  if (now === document.activeElement && now.matches('select')) return;
  for (const { name } of [...now.attributes]) {
    if (!next.hasAttribute(name) && !(name === 'open' && now.matches('details'))) now.removeAttribute(name);
  }
  for (const { name, value } of next.attributes) {
    if (now.getAttribute(name) !== value && !(name === 'open' && now.matches('details'))) now.setAttribute(name, value);
  }
  morphChildren(now, next);
}

function morphChildren(now, next) {
  let at = now.firstChild;
  for (const wanted of [...next.childNodes]) {
    const match = wanted.id ? [...now.children].find((child) => child.id === wanted.id) : findKind(at, wanted);
    if (!match) {
      now.insertBefore(document.importNode(wanted, true), at);
      continue;
    }
    if (match === at) at = at.nextSibling;
    else now.insertBefore(match, at);
    morph(match, wanted);
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}

// Why something was refused stands in the answer only, and the next refresh comes within a second: it stays until somebody does something else.
function takeRefusal() {
  const said = document.querySelector('[data-said]');
  const next = said?.nextElementSibling;
  said?.remove();
  return () => {
    if (!said || [...document.querySelectorAll('.notice')].some((notice) => notice.textContent === said.textContent)) return;
    // It was read out once.
    said.removeAttribute('role');
    (next?.isConnected ? next : document.querySelector('main').firstElementChild).before(said);
  };
}

async function show(response, { isAnswer = false, isRefresh = false } = {}) {
  const text = await response.text();
  if (response.redirected && new URL(response.url).pathname === '/login') {
    location.assign(response.url);
    return;
  }
  if (!(response.headers.get('content-type') ?? '').startsWith('text/html')) throw new Error(`no page: ${response.status}`);
  const next = parser.parseFromString(text, 'text/html');
  document.title = next.title;
  const putBack = isRefresh ? takeRefusal() : () => {};
  morphChildren(document.body, next.body);
  putBack();
  if (isAnswer) document.querySelector('main .notice.problem')?.setAttribute('data-said', '');
  prepare();
}

// --- refreshing, one at a time ---

let refreshing = false;
let again = false;

async function refresh() {
  again = true;
  if (refreshing) return;
  refreshing = true;
  try {
    while (again) {
      again = false;
      await show(await fetch(location.href, { headers: page }), { isRefresh: true });
      await new Promise((done) => setTimeout(done, betweenRefreshes));
    }
  } catch {
    // The host is away; the stream's return brings the next refresh.
  } finally {
    refreshing = false;
  }
}

// --- the event stream ---

let stream = null;
let streamPath = null;
let retry = 1000;

function say(text) {
  const mark = document.getElementById('live');
  if (!mark) return;
  mark.hidden = !text;
  mark.textContent = text;
  mark.dataset.state = text;
}

function hush() {
  stream?.close();
  stream = null;
  streamPath = null;
}

function listen() {
  const path = document.querySelector('[data-live]')?.dataset.live ?? null;
  if (path === streamPath || document.hidden) return;
  hush();
  streamPath = path;
  if (!path) {
    say('');
    return;
  }
  const mine = new EventSource(path);
  stream = mine;
  mine.addEventListener('open', () => {
    retry = 1000;
    say('live');
    refresh();
  });
  mine.addEventListener('changed', refresh);
  mine.addEventListener('text', (e) => addText(JSON.parse(e.data)));
  mine.addEventListener('end', () => {
    mine.close();
    say('');
    refresh();
  });
  mine.addEventListener('error', () => {
    if (stream !== mine) return;
    say('reconnecting');
    if (mine.readyState !== EventSource.CLOSED) return;
    hush();
    setTimeout(listen, retry);
    retry = Math.min(retry * 2, longestRetry);
  });
}

// Text of a job as it is written: the server's pieces, appended once a frame.
let pieces = [];

function addText(piece) {
  if (pieces.push(piece) === 1) requestAnimationFrame(writeText);
}

function writeText() {
  const place = document.querySelector('[data-stream]');
  const ready = pieces;
  pieces = [];
  if (!place) return;
  const atEnd = place.scrollTop + place.clientHeight >= place.scrollHeight - 24;
  for (const { draft, text, whole } of ready) {
    if (whole || place.dataset.draft !== String(draft)) place.textContent = text;
    else place.append(text);
    place.dataset.draft = draft;
  }
  if (atEnd) place.scrollTop = place.scrollHeight;
}

// --- forms: the same requests, without leaving the place ---

async function send(form, submitter) {
  const data = new FormData(form, submitter);
  // By attribute: a field may be called "action" or "method".
  const get = form.getAttribute('method') !== 'post';
  const target = new URL(form.getAttribute('action') || location.href, location.href);
  if (get) target.search = new URLSearchParams([...data].filter(([, value]) => value !== '')).toString();
  const response = await fetch(target, get ? { headers: page } : { method: 'POST', headers: page, body: new URLSearchParams(data) });
  const landed = new URL(response.url);
  if (!get && response.ok && landed.pathname !== location.pathname) {
    location.assign(landed);
    return;
  }
  history.replaceState(null, '', get ? target : landed);
  await show(response, { isAnswer: !get && !response.redirected });
  listen();
}

document.addEventListener('submit', async (e) => {
  const form = e.target;
  if (form.matches('[data-native]') || e.defaultPrevented) return;
  e.preventDefault();
  const submitter = e.submitter;
  if (form.ariaBusy === 'true') return;
  form.ariaBusy = 'true';
  try {
    await send(form, submitter);
  } catch {
    form.setAttribute('data-native', '');
    form.requestSubmit(submitter);
  } finally {
    form.ariaBusy = null;
  }
});

// --- forms that answer while one types or slides ---

let typing = 0;

document.addEventListener('input', (e) => {
  const field = e.target;
  const form = field.form;
  if (field.dataset.pair && form) form.elements.namedItem(field.dataset.pair).value = field.value;
  else if (form && field.name) {
    const slider = form.querySelector(`[data-pair="${CSS.escape(field.name)}"]`);
    if (slider && field.value !== '') slider.value = field.value;
  }
  clearTimeout(typing);
  if (form?.matches('[data-auto]')) typing = setTimeout(() => form.requestSubmit(), afterTyping);
  else if (field.matches('[data-count]')) typing = setTimeout(() => count(field), afterTyping);
});

async function count(field) {
  const place = document.getElementById(field.dataset.count);
  const body = new URLSearchParams(new FormData(field.form));
  const response = await fetch('/campaigns/check', { method: 'POST', body });
  if (!place || !response.ok) return;
  const check = await response.json();
  place.textContent = `${check.length} of ${check.limit} ${check.unit}${check.problems.length ? `: ${check.problems.join(' ')}` : ''}`;
  place.dataset.valid = check.valid;
  const parts = document.getElementById(`${field.dataset.count}-parts`);
  parts?.replaceChildren(...check.parts.map((part) => paragraph('text', part)), ...(check.note ? [paragraph('muted', check.note)] : []));
}

function paragraph(kind, text) {
  const made = document.createElement('p');
  made.className = kind;
  made.textContent = text;
  return made;
}

// --- start ---

function zone() {
  const mine = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const known = document.cookie.split('; ').includes(`platform-zone=${encodeURIComponent(mine)}`);
  if (!mine || known) return;
  document.cookie = `platform-zone=${encodeURIComponent(mine)}; path=/; max-age=31536000; samesite=lax`;
  if (document.querySelector('time')) refresh();
}

function prepare() {
  document.documentElement.classList.add('js');
}

document.addEventListener('visibilitychange', () => (document.hidden ? hush() : listen()));
window.addEventListener('pageshow', (e) => e.persisted && listen());
window.addEventListener('pagehide', hush);

prepare();
zone();
listen();
