// The one script of Amends. Loaded in the head, without defer, so that folded panes and the theme are right before
// the first paint; everything else waits for the document. Works without eval, inline code or inline styles.
// What a view may write is listed in docs/decisions/0002-look.md; words come from data attributes of <body>.
(() => {
'use strict';
const html = document.documentElement, D = document;
const $ = (s, e = D) => e.querySelector(s), $$ = (s, e = D) => [...e.querySelectorAll(s)];
const says = name => D.body.dataset['says' + name] || '';
const later = (ms, f) => { let t; const g = (...a) => { clearTimeout(t); t = setTimeout(() => f(...a), ms); }; g.stop = () => clearTimeout(t); return g; };
const store = (area, key, value) => { // storage may be switched off: then nothing is remembered, and nothing breaks
  try { const s = window[area]; if (value === undefined) return s.getItem(key); if (value === null) s.removeItem(key); else s.setItem(key, value); } catch { } return null; };
html.classList.add('js');
html.dataset.folded = store('localStorage', 'folded') || '';

// ---- cases that are open as tabs, for this window: whether there is a strip of them is known before the first paint
const tabs = () => { try { return JSON.parse(store('sessionStorage', 'cases') || '[]'); } catch { return []; } };
const caseHere = () => (/^\/cases\/(\d+)$/.exec(location.pathname) || [])[1];
const strip = list => { html.dataset.tabs = list.length > 1 || list.length === 1 && caseHere() && list[0].n !== caseHere() ? 'many' : ''; };
strip(tabs());
const inView = e => { if (e) e.closest('nav').scrollLeft = e.offsetLeft - 60; };
function showTabs() {
  const nav = $('[data-open-cases]'); if (!nav) return;
  const list = tabs(), n = nav.dataset.openCases, s = $('#case h1')?.textContent.trim() || n, at = list.findIndex(t => t.n === n);
  const mine = { n, s, h: caseHere() === n ? location.pathname + location.search.replace(/[?&](did|and)=[^&]*/g, '').replace(/^&/, '?') : '/cases/' + n };
  if (at >= 0) list[at] = mine; else list.push(mine);
  if (list.length > 6) list.shift();
  const keep = l => { store('sessionStorage', 'cases', JSON.stringify(l)); strip(l); };
  keep(list);
  const print = JSON.stringify([n, list]), on = nav.contains(D.activeElement) && D.activeElement.getAttribute('href'); if (nav.dataset.print === print) return; nav.dataset.print = print;
  const here = list.findIndex(t => t.n === n), key = (e, k, says) => { e.dataset.key = k; e.dataset.keySays = nav.dataset[says]; };
  nav.replaceChildren(...list.map((t, i) => {
    const tab = D.createElement('span'), a = D.createElement('a'), x = D.createElement('button');
    a.href = t.h; a.textContent = t.s; a.title = t.s; a.dir = 'auto'; if (i === here) a.setAttribute('aria-current', 'page');
    x.type = 'button'; x.textContent = '×'; x.setAttribute('aria-label', nav.dataset.saysClose + ': ' + t.s);
    if (i === here) key(x, 'w', 'saysClose'); if (i === here - 1) key(a, '<', 'saysBefore'); if (i === here + 1) key(a, '>', 'saysAfter');
    x.addEventListener('click', () => { const left = list.filter(o => o !== t); keep(left); if (i === here) location.href = left.length ? left[Math.max(0, i - 1)].h : '/desk'; else showTabs(); });
    tab.append(a, x); return tab;
  }));
  if (on) $(`a[href="${CSS.escape(on)}"]`, nav)?.focus();
  inView($('[aria-current]', nav));
}

// ---- Trusted Types: the only place where text becomes markup. Scripts and handlers in a fragment are taken out,
// although the policy of the page would not run them: two locks.
let parsing = false;
const bad = /<(?:script|base|object|embed|meta)\b|[\s/"']on\w+\s*=|hx-on|javascript:/i;
function clean(text) {
  if (parsing || !bad.test(text)) return text;
  parsing = true;
  try {
    const doc = new DOMParser().parseFromString(text, 'text/html');
    const wash = root => {
      for (const e of root.querySelectorAll('*')) {
        if (e.content instanceof DocumentFragment) wash(e.content);
        if (/^(script|base|object|embed)$/i.test(e.localName) || e.localName === 'meta' && e.httpEquiv) { e.remove(); continue; }
        for (const a of [...e.attributes]) if (/^(on|(data-)?hx-on)/i.test(a.name) || /^(href|src|action|formaction|xlink:href)$/i.test(a.name) && /^[\s\x00-\x1f]*javascript:/i.test(a.value)) e.removeAttribute(a.name);
      }
    };
    wash(doc);
    return doc.documentElement.outerHTML;
  } finally { parsing = false; }
}
if (window.trustedTypes) trustedTypes.createPolicy('default', { createHTML: clean, createScript: () => null, createScriptURL: () => null });
const parse = text => new DOMParser().parseFromString(window.trustedTypes ? text : clean(text), 'text/html');
const nodes = (text, part) => { const { body } = parse(text); return [...(part && $(part, body) || body).childNodes].map(n => D.importNode(n, true)); };

// ---- asking the server
const token = e => ($('[name=__RequestVerificationToken]', e?.closest('form') || D) || $('[name=__RequestVerificationToken]') || {}).value;
async function ask(url, options = {}) {
  const answer = await fetch(url, { credentials: 'same-origin', ...options, headers: { 'HX-Request': 'true', ...options.headers } });
  if (answer.status === 401) signedOut();
  return answer;
}
const send = (url, data, from, more) => {
  const t = token(from);
  if (t && !data.has('__RequestVerificationToken')) data.set('__RequestVerificationToken', t);
  return ask(url, { method: 'POST', body: data, ...more });
};
function signedOut() { const d = $('#signed-out'); if (d && !d.open) d.showModal(); }
function toast(text, broken) {
  const box = $('#toasts'); if (!box || !text) return;
  const t = D.createElement('div'); t.className = 'toast' + (broken ? ' broken' : '');
  const p = D.createElement('p'); p.textContent = text; t.append(p); box.append(t);
}

// ---- merging new markup into old: focus, scroll, open menus and whatever is being typed stay
const isText = e => !!e && !e.closest('dialog:not([open])') && (e.isContentEditable || e.localName === 'textarea' || e.localName === 'select' || e.localName === 'input' && !/^(checkbox|radio|button|submit|reset|file|range|color|hidden)$/.test(e.type));
const dirty = form => [...form.elements].some(f => f.type === 'checkbox' || f.type === 'radio' ? f.checked !== f.defaultChecked : f.type === 'hidden' ? false : f.type === 'file' ? f.files.length > 0 : f.localName === 'select' ? [...f.options].some(o => o.selected !== o.defaultSelected) && [...f.options].some(o => o.defaultSelected) : f.defaultValue !== undefined && f.value !== f.defaultValue);
const held = e => e.hasAttribute('data-keep') || e.localName === 'dialog' && e.open || e.localName === 'form' && (isText(D.activeElement) && e.contains(D.activeElement) || dirty(e));
const holds = e => e.nodeType === 1 && (held(e) || $$('form,[data-keep]', e).some(held));
const keyOf = n => n.nodeType !== 1 ? '' : n.id ? '#' + n.id : n.dataset.id ? '=' + n.dataset.id : n.localName === 'a' ? n.getAttribute('href') : '';
function merge(old, fresh) {
  if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName) { if (!holds(old)) old.replaceWith(D.importNode(fresh, true)); return; }
  if (old.nodeType !== 1) { if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue; return; }
  if (held(old) || old.isEqualNode(fresh)) return;
  const touched = old.localName === 'input' && (/^(checkbox|radio)$/.test(old.type) ? old.checked !== old.defaultChecked : old.value !== old.defaultValue); // picked rows stay picked
  for (const a of [...old.attributes]) if (!fresh.hasAttribute(a.name) && !(a.name === 'open' || a.name === 'data-show' || a.name === 'class')) old.removeAttribute(a.name);
  for (const a of fresh.attributes) if (a.name !== 'open' && a.name !== 'data-show' && old.getAttribute(a.name) !== a.value && a.name !== 'style') old.setAttribute(a.name, a.value);
  if (old.localName === 'input' && old !== D.activeElement && !touched) { old.value = fresh.getAttribute('value') || ''; old.checked = fresh.hasAttribute('checked'); }
  if (old.localName === 'textarea') { if (old !== D.activeElement) old.value = fresh.textContent; return; }
  if (old.localName === 'time' && old.hasAttribute('data-relative')) { old.textContent = fresh.textContent; freshen(old); return; }
  const known = new Map(); for (const c of old.childNodes) { const k = keyOf(c); if (k && !known.has(k)) known.set(k, c); }
  const wanted = new Set([...fresh.childNodes].map(keyOf).filter(Boolean));
  let at = old.firstChild;
  for (const f of [...fresh.childNodes]) {
    const k = keyOf(f), match = k && known.get(k);
    if (match) {
      known.delete(k);
      if (match === at) at = at.nextSibling; else if (old.moveBefore) old.moveBefore(match, at); else old.insertBefore(match, at);
      merge(match, f);
    } else {
      while (at && !k && keyOf(at) && !wanted.has(keyOf(at)) && !holds(at)) { const gone = at; at = at.nextSibling; gone.remove(); }
      if (at && !k && !keyOf(at) && at.nodeName === f.nodeName) { const next = at.nextSibling; merge(at, f); at = next; }
      else old.insertBefore(D.importNode(f, true), at);
    }
  }
  while (at) { const next = at.nextSibling; if (!holds(at)) at.remove(); at = next; }
}
function mergeKept(old, fresh) {
  const on = D.activeElement, id = on?.id, href = on?.getAttribute('href');
  merge(old, fresh);
  if (D.activeElement !== on && (id || href)) (id ? D.getElementById(id) : $(`a[href="${CSS.escape(href)}"]`, old))?.focus({ preventScroll: true });
}

// ---- live hints: the server says only what changed; what may be seen is asked for again
const live = { source: null, lost: false, tries: 0, due: new Set(), timer: 0, bar: 0 };
const regions = () => $$('[data-live]');
function everything() { regions().forEach(e => live.due.add(e)); refresh(); }
function hint(h) {
  if (h.kind === 'all') return everything();
  for (const e of regions()) {
    if (!e.dataset.live.split(/\s+/).some(t => t === h.kind + ':' + h.id || t === h.kind || t === h.kind + 's')) continue;
    if (h.version && e.dataset.version && e.dataset.live.includes(':') && +e.dataset.version >= h.version) continue;
    live.due.add(e);
  }
  if (live.due.size && !live.timer) live.timer = setTimeout(refresh, 80 + Math.random() * 220);
}
async function refresh() {
  live.timer = 0;
  const by = new Map();
  for (const e of live.due) if (e.isConnected) { const src = e.dataset.liveSrc || location.href; by.set(src, [...by.get(src) || [], e]); }
  live.due.clear();
  for (const [src, list] of by) {
    try {
      const answer = await ask(src, { headers: { 'HX-Live': 'true' }, cache: 'no-store' });
      if (!answer.ok) continue;
      const doc = parse(await answer.text());
      for (const e of list) {
        const fresh = e.id && doc.getElementById(e.id) || doc.querySelector(`[data-live="${CSS.escape(e.dataset.live)}"]`) || (list.length === 1 && e.dataset.liveSrc ? doc.body.firstElementChild : null);
        if (fresh && e.isConnected) { mergeKept(e, fresh); window.htmx?.process(e); ready(e); }
      }
    } catch { } // the lost connection is told by the event source
  }
}
function bar(text, quiet) {
  const b = $('#offline'); if (!b) return;
  b.textContent = text || ''; b.hidden = !text;
  clearTimeout(live.bar); if (quiet) live.bar = setTimeout(() => { b.hidden = true; }, 2500);
}
function listen() {
  const url = D.body.dataset.liveUrl; if (!url || live.source || D.hidden) return;
  // The first time the page's own moment goes along: what was told since then is told again. Later everything is asked for.
  const source = live.source = new EventSource(live.once ? url.split('?')[0] : url); live.once = true;
  source.addEventListener('open', () => {
    live.tries = 0; live.heard = Date.now(); clearTimeout(live.slow);
    if (live.lost) { live.lost = false; if ($('#offline')?.hidden === false) bar(says('Online'), true); everything(); }
  });
  for (const beat of ['hello', 'beat', 'hint']) source.addEventListener(beat, () => { live.heard = Date.now(); });
  source.addEventListener('hint', e => { try { hint(JSON.parse(e.data)); } catch { } });
  source.addEventListener('error', () => broken(source));
}
function broken(source) {
    if (live.source !== source) return;
    source.close(); live.source = null; live.lost = true; live.tries++;
    clearTimeout(live.slow); live.slow = setTimeout(() => { if (live.lost && !D.hidden) bar(says('Offline')); }, 1500);
    setTimeout(listen, Math.min(30000, 700 * 2 ** Math.min(live.tries, 6)) * (.5 + Math.random()));
    if (live.tries % 4 === 3) ask(location.href).catch(() => { });
}
// The server beats every 20 s. Three beats missed: the line is dead although nobody said so (a closed lid, a lost network).
setInterval(() => { if (live.source && live.heard && Date.now() - live.heard > 65000) broken(live.source); }, 10000);
const hush = () => { if (live.source) { live.source.close(); live.source = null; live.lost = true; } };
// A tab nobody looks at gives its connection back: browsers allow six to one place over HTTP/1.1.
const sleep = later(60000, () => { if (D.hidden) hush(); });
D.addEventListener('visibilitychange', () => { if (D.hidden) sleep(); else { sleep.stop(); listen(); } });
addEventListener('online', listen);

// ---- times
const units = [['year', 31536e3], ['month', 2592e3], ['week', 604800], ['day', 86400], ['hour', 3600], ['minute', 60]];
function freshen(e) {
  const then = Date.parse(e.dateTime); if (isNaN(then)) return;
  const s = (then - Date.now()) / 1000, [unit, size] = units.find(u => Math.abs(s) >= u[1]) || units[5];
  if (!e.title) e.title = new Intl.DateTimeFormat(html.lang || undefined, { dateStyle: 'full', timeStyle: 'short' }).format(then);
  e.textContent = new Intl.RelativeTimeFormat(html.lang || undefined, { numeric: 'auto', style: 'short' }).format(Math.trunc(s / size), unit);
}

// ---- panes
function fold(name) {
  const pane = $(`[data-pane="${name}"]`); if (!pane) return;
  if (getComputedStyle(pane).position === 'fixed') { if (html.dataset.drawer === name) delete html.dataset.drawer; else { html.dataset.drawer = name; $('a[href],button', pane)?.focus(); } return; }
  const set = new Set((html.dataset.folded || '').split(' ').filter(Boolean));
  set.delete(name) || set.add(name);
  html.dataset.folded = [...set].join(' '); store('localStorage', 'folded', html.dataset.folded);
  told();
}
const told = () => $$('[data-fold]').forEach(b => { const p = $(`[data-pane="${b.dataset.fold}"]`); if (p) b.setAttribute(b.localName === 'button' ? 'aria-expanded' : 'data-expanded', String(p.checkVisibility ? p.checkVisibility() : !!p.offsetParent)); });
const show = what => { const d = $('.desk'); if (d) d.dataset.show = what; delete html.dataset.drawer; };

// ---- dialogs and menus
let opener = null;
function open(dialog, from) { if (!dialog || dialog.open) return; opener = from || D.activeElement; dialog.showModal(); $('[autofocus]', dialog)?.focus(); const p = $('.palette-input', dialog); if (p) { p.select(); look(dialog, p.value); } if ($('[data-keys-list]', dialog)) keysSheet(dialog); }
const closeAll = () => $$('dialog[open]').forEach(d => d.close());
async function sheet(link) {
  const d = $('#sheet'); if (!d) { location.href = link.href; return; }
  try {
    const answer = await ask(link.href, { headers: { 'HX-Target': 'sheet-body' } });
    if (answer.status === 401) return; if (!answer.ok) throw 0;
    const body = $('#sheet-body', d) || d; body.replaceChildren(...nodes(await answer.text(), 'main'));
    const title = $('h1,h2', body); if (title) { title.id ||= 'sheet-title'; d.setAttribute('aria-labelledby', title.id); }
    window.htmx?.process(body); ready(body); open(d, link);
    ($('[autofocus]', body) || $('.input,.select,.area,input:not([type=hidden])', body) || $('.btn.main', body))?.focus();
  } catch { location.href = link.href; } // the same page stands alone
}
const shut = (m, focus) => { m.open = false; if (focus) $('summary', m)?.focus(); };

// ---- keys
let lead = '', leadTimer = 0;
const nameOf = e => (e.ctrlKey || e.metaKey ? 'Mod+' : '') + (e.key.length === 1 && (e.ctrlKey || e.metaKey) ? e.key.toLowerCase() : e.key);
const seen = e => (e.checkVisibility ? e.checkVisibility({ visibilityProperty: true }) : !!e.offsetParent) || e.closest('details:not([open])') && e.closest('details').checkVisibility?.();
function press(e) {
  // A menu that a key opens has the focus, so that arrows walk it.
  if (e.localName === 'summary') e.focus();
  if (e.dataset.fold) return fold(e.dataset.fold);
  if (isText(e)) { e.focus(); if (e.select) e.select(); return; }
  if (e.localName === 'summary' || e.localName === 'label' || e.matches('a,button,input')) {
    if (!e.matches('label,summary,[data-opens]')) early.length = 0; // a sheet or a page comes: what was typed behind it is not for this one
    e.click();
    if (e.localName === 'label') { const c = e.closest('[data-composer]'), t = c && $$('textarea', c).find(x => x.offsetParent); t?.focus(); }
    return;
  }
  e.focus();
}
function find(key, scope) { const all = $$('[data-key]', scope || D).filter(e => e.dataset.key === key && !e.disabled); return all.find(seen) || all.find(e => e.dataset.fold); }
function step(by) {
  const list = $$('[data-list]').find(l => l.offsetParent !== null || l.getClientRects().length); if (!list) return;
  const rows = $$('[data-row],:scope>a,tbody a.row-link', list).filter((r, i, a) => a.indexOf(r) === i); if (!rows.length) return;
  const on = rows.findIndex(r => r === D.activeElement || r.contains(D.activeElement)), cur = on >= 0 ? on : rows.findIndex(r => r.hasAttribute('aria-current'));
  const to = rows[Math.max(0, Math.min(rows.length - 1, cur < 0 ? 0 : cur + by))]; to.focus(); to.scrollIntoView({ block: 'nearest' });
}
function keysSheet(d) {
  const dl = $('[data-keys-list]', d), done = new Set();
  $$('[data-made]', dl).forEach(e => e.remove());
  for (const e of $$('[data-key][data-key-says]')) {
    if (done.has(e.dataset.key)) continue; done.add(e.dataset.key);
    const row = D.createElement('div'), dt = D.createElement('dt'), dd = D.createElement('dd'); row.dataset.made = '';
    dt.textContent = e.dataset.keySays;
    for (const part of e.dataset.key.split(/[ +]/)) { const k = D.createElement('kbd'); k.textContent = part === 'Mod' ? (/Mac|iP/.test(navigator.platform) ? '⌘' : 'Ctrl') : e.dataset.key.startsWith('Mod+') && part.length === 1 ? part.toUpperCase() : part; dd.append(k); }
    row.append(dt, dd); dl.append(row);
  }
}
// Our keys, and what is typed behind one, wait until the page stands; who goes into a field means that one, and what was kept is dropped.
// A field that has the focus by itself gets what was typed before, too.
let stood = false;
const early = [], chosen = e => isText(e) && !(e.autofocus && e.select);
D.addEventListener('keydown', e => {
  if (stood || !e.isTrusted || e.isComposing || e.altKey) return;
  const on = D.activeElement, mod = e.ctrlKey || e.metaKey;
  if (chosen(on)) early.length = 0;
  if (!early.length && (isText(on) || !mod && D.body?.dataset.keys === 'off')) return;
  if (!(mod ? /^k$/i.test(e.key) : /^\S$/u.test(e.key) || early.length && /^( |Enter)$/.test(e.key))) return;
  e.preventDefault(); e.stopImmediatePropagation(); early.push(e);
}, true);
function stands() {
  stood = true; if (chosen(D.activeElement)) return;
  for (const { key, ctrlKey, metaKey } of early) { // until one leads elsewhere
    const on = D.activeElement, enters = key === 'Enter' && on.localName !== 'textarea';
    const free = on.dispatchEvent(new KeyboardEvent('keydown', { key, ctrlKey, metaKey, bubbles: true, cancelable: true })) && !ctrlKey && !metaKey;
    if (enters) early.length = 0;
    if (!free) continue;
    if (!isText(on)) { if (enters) press(on); }
    else if (!enters) D.execCommand('insertText', false, key === 'Enter' ? '\n' : key); // all fields know it
    else if (on.form?.method === 'get') on.form.requestSubmit();
  }
}
D.addEventListener('keydown', e => {
  if (e.defaultPrevented || e.isComposing || e.altKey && !e.ctrlKey) return;
  const on = D.activeElement, modal = $('dialog[open]'), name = nameOf(e), mod = name.startsWith('Mod+');
  if (popup?.keys(e)) return;
  if (e.key === 'Escape') {
    const m = $('details.menu[open]'); if (m) { shut(m, true); e.preventDefault(); return; }
    if (html.dataset.drawer) { const n = html.dataset.drawer; delete html.dataset.drawer; $$(`[data-fold="${n}"]`).find(seen)?.focus(); return; }
    if (!modal && isText(on) && on.closest('[data-composer]')) on.blur();
    return;
  }
  if ((e.key === 'ArrowDown' || e.key === 'ArrowUp') && on?.closest('details.menu[open]')) {
    const m = on.closest('details.menu'), items = $$('.menu-list a[href],.menu-list button,.menu-list input', m).filter(x => x.offsetParent), i = items.indexOf(on);
    const to = items[(i + (e.key === 'ArrowDown' ? 1 : i < 0 ? 0 : -1) + items.length) % items.length]; if (to) { e.preventDefault(); to.focus(); } return;
  }
  if (name === 'Mod+Enter') {
    const form = on?.closest('form'); if (!form) return;
    const b = $('[data-key="Mod+Enter"]', form); e.preventDefault(); b ? b.click() : form.requestSubmit(); return;
  }
  const scope = modal || D;
  if (!mod && (isText(on) || D.body.dataset.keys === 'off' || e.key.length !== 1)) return;
  const t = find(lead + ' ' + name, scope) || find(name, scope);
  lead = ''; clearTimeout(leadTimer);
  if (t) { e.preventDefault(); press(t); }
  if (t || mod || modal) return;
  if ($$('[data-key]').some(x => x.dataset.key.startsWith(e.key + ' '))) { lead = e.key; leadTimer = setTimeout(() => { lead = ''; }, 1200); return; }
  if (e.key === 'j' || e.key === 'k') { e.preventDefault(); step(e.key === 'j' ? 1 : -1); }
  else if (e.key === '/') { const p = $('[data-palette]'); if (p) { e.preventDefault(); open(p); } }
  else if (e.key === '[' || e.key === ']' || e.key === '\\') fold({ '[': 'views', ']': 'side', '\\': 'list' }[e.key]);
});

// ---- palette
let looking = null;
const look = (d, q) => { d.dataset.looks = ''; delete d.dataset.enters; lookSoon(d, q); };
const lookSoon = later(110, async (d, q) => {
  looking?.abort(); const mine = looking = new AbortController(), input = $('.palette-input', d);
  let found;
  try { const answer = await ask(D.body.dataset.paletteUrl + '?q=' + encodeURIComponent(q), { signal: mine.signal }); if (answer.ok) found = await answer.text(); } catch { }
  if (mine !== looking) return;
  // No answer: no entry of another question stays, and an Enter that waited is dropped.
  const list = $('[role=listbox]', d); list.replaceChildren(...nodes(found || '')); choose(list, input, 0);
  if (input.value !== q) return;
  delete d.dataset.looks; if (found !== undefined && 'enters' in d.dataset && d.open) enter(d);
});
// Enter waits until the list answers what was typed.
function enter(d) { if ('looks' in d.dataset) { d.dataset.enters = ''; return; } const o = $('[role=listbox] [aria-selected=true]', d); if (o) { d.close(); o.click(); } else $('form', d).requestSubmit(); }
const expanded = (input, open) => { if (input.getAttribute('role') === 'combobox') input.setAttribute('aria-expanded', String(open)); };
function choose(list, input, at, by = 0) {
  const all = $$('[role=option]', list); if (!all.length) { input.removeAttribute('aria-activedescendant'); expanded(input, false); return null; }
  let i = by ? all.findIndex(o => o.getAttribute('aria-selected') === 'true') + by : at; i = (i + all.length) % all.length;
  all.forEach((o, n) => { o.id ||= (list.id || 'option') + '-' + n; o.tabIndex = -1; o.setAttribute('aria-selected', String(n === i)); });
  expanded(input, true); input.setAttribute('aria-activedescendant', all[i].id); all[i].scrollIntoView({ block: 'nearest' });
  return all[i];
}
function paletteKeys(e) {
  const d = e.target.closest('[data-palette]'), list = $('[role=listbox]', d);
  if (e.key === 'ArrowDown' || e.key === 'ArrowUp') { e.preventDefault(); choose(list, e.target, 0, e.key === 'ArrowDown' ? 1 : -1); }
  else if (e.key === 'Enter' && !e.isComposing) { e.preventDefault(); enter(d); }
}

// ---- popups while writing: canned texts and mentions. A text of many lines is no combobox (ARIA knows no expanded for it): it names its list and the entry that is meant.
let popup = null;
function closePopup() { if (popup) { popup.box.remove(); const t = popup.text; t.removeAttribute('aria-activedescendant'); t.removeAttribute('aria-controls'); popup = null; } }
function placePopup(box, t) {
  const r = t.getBoundingClientRect(), h = box.offsetHeight, top = r.top - h - 6 > 8 ? r.top - h - 6 : Math.min(r.bottom + 6, innerHeight - h - 8);
  box.style.insetBlockStart = top + 'px'; box.style.left = Math.min(r.left + 8, innerWidth - box.offsetWidth - 8) + 'px';
}
// A phone that is turned, or its keyboard, moves the text away from under its list.
addEventListener('resize', () => { if (popup) placePopup(popup.box, popup.text); });
const suggest = later(90, async t => {
  const before = t.value.slice(0, t.selectionStart), line = before.slice(before.lastIndexOf('\n') + 1);
  const canned = t.dataset.cannedSrc && /^\/([^\s/]*)$/u.exec(line), mention = !canned && t.dataset.mentionSrc && /(?:^|[\s(])@([\p{L}\p{N}._-]{0,40})$/u.exec(line);
  const m = canned || mention; if (!m || t !== D.activeElement) { closePopup(); return; }
  try {
    const src = canned ? t.dataset.cannedSrc : t.dataset.mentionSrc;
    const answer = await ask(src + (src.includes('?') ? '&' : '?') + 'q=' + encodeURIComponent(m[1])); if (!answer.ok || t !== D.activeElement) return;
    closePopup();
    const box = D.createElement('div'); box.className = 'popup'; box.id = 'popup'; box.setAttribute('role', 'listbox'); box.setAttribute('aria-label', t.getAttribute('aria-label') || t.placeholder || '');
    box.replaceChildren(...nodes(await answer.text()));
    if (!$('[role=option]', box)) return;
    (t.closest('dialog,main') || D.body).append(box);
    placePopup(box, t);
    t.setAttribute('aria-controls', 'popup'); t.setAttribute('aria-autocomplete', 'list'); t.setAttribute('aria-haspopup', 'listbox');
    popup = { box, text: t, length: m[1].length + 1,
      take(o) { const end = t.selectionStart, insert = o.dataset.insert ?? o.textContent.trim(); t.setRangeText(insert, end - this.length, end, 'end'); closePopup(); t.focus(); t.dispatchEvent(new Event('input', { bubbles: true })); },
      keys(e) {
        if (e.key === 'Escape') closePopup();
        else if (e.key === 'ArrowDown' || e.key === 'ArrowUp') choose(box, t, 0, e.key === 'ArrowDown' ? 1 : -1);
        else if ((e.key === 'Enter' || e.key === 'Tab') && !e.ctrlKey && !e.metaKey) this.take($('[aria-selected=true]', box));
        else return false;
        e.preventDefault(); return true;
      } };
    choose(box, t, 0);
    box.addEventListener('mousedown', e => { e.preventDefault(); const o = e.target.closest('[role=option]'); if (o) popup.take(o); });
  } catch { }
});

// ---- drafts, files, presence
const drafts = new WeakMap();
const note = (form, text) => { const e = $('[data-saved]', form); if (e) e.textContent = text; };
function draftOf(form) {
  let d = drafts.get(form); if (d) return d;
  const text = () => { const f = new FormData(form); for (const [k, v] of [...f]) if (v instanceof File) f.delete(k); return f; };
  const print = () => new URLSearchParams([...text()].filter(([k]) => k !== '__RequestVerificationToken')).toString();
  const key = 'draft:' + form.dataset.draftSrc;
  d = { last: print(), busy: null, done: false,
    async save(leaving) {
      d.soon.stop(); const now = print(); if (d.done || now === d.last) return;
      const was = d.last; d.last = now; const stop = new AbortController(); d.busy = stop;
      try {
        const answer = await send(form.dataset.draftSrc, text(), form, { keepalive: leaving === true, signal: stop.signal });
        if (!answer.ok) throw answer.status;
        note(form, says('Saved')); if (print() === now) store('sessionStorage', key, null);
      } catch (e) { if (stop.signal.aborted) return; d.last = was; note(form, says('Unsaved')); d.again(); }
    },
    keep() { const area = $('textarea', form); if (area) store('sessionStorage', key, area.value); },
    finish() { d.done = true; d.soon.stop(); d.again.stop(); d.busy?.abort(); },
    forget() { store('sessionStorage', key, null); },
    restart() { d.done = false; d.last = print(); } };
  d.soon = later(1000, () => d.save()); d.again = later(5000, () => d.save());
  const kept = store('sessionStorage', key), area = $('textarea', form);
  if (kept && area && !area.value) { area.value = kept; d.soon(); }
  drafts.set(form, d); return d;
}
// Files on their way to the house, for each form: what is sent waits for them.
const coming = new WeakMap();
function upload(form, files, area) {
  const all = Promise.all([coming.get(form) ?? true, take(form, files, area)]).then(r => r.every(Boolean));
  coming.set(form, all); all.then(() => coming.get(form) === all && coming.delete(form));
}
async function take(form, files, area) {
  let whole = true;
  const list = $('[data-files]', form), most = +form.dataset.maxBytes || Infinity;
  for (const file of files) {
    const chip = D.createElement('span'); chip.className = 'file'; chip.textContent = says('Uploading') + ' ' + file.name;
    if (list) list.append(chip);
    try {
      if (file.size > most) throw 413;
      const data = new FormData(); data.append('file', file, file.name);
      const answer = await send(form.dataset.uploadSrc, data, form); if (!answer.ok) throw answer.status;
      const got = nodes(await answer.text()); chip.replaceWith(...got);
      const md = got.find(n => n.nodeType === 1 && n.dataset.markdown);
      if (md && area) { area.setRangeText(md.dataset.markdown, area.selectionStart, area.selectionEnd, 'end'); area.dispatchEvent(new Event('input', { bubbles: true })); }
      if (window.htmx) got.forEach(n => n.nodeType === 1 && htmx.process(n));
      if (form.dataset.draftSrc) draftOf(form).soon();
    } catch (status) { whole = false; chip.remove(); toast(file.name + ': ' + (status === 413 ? says('TooLarge') : says('Failed')), true); }
  }
  return whole;
}
D.addEventListener('submit', e => {
  const all = coming.get(e.target), by = e.submitter; if (!all) return;
  e.preventDefault(); e.stopImmediatePropagation(); toast(says('Uploading'));
  all.then(whole => { if (whole && e.target.isConnected) e.target.requestSubmit(by?.isConnected ? by : undefined); });
}, true);
const pinged = new WeakMap();
function typing(form) {
  const now = Date.now(); if (!form.dataset.typingSrc || now - (pinged.get(form) || 0) < 5000) return;
  pinged.set(form, now); send(form.dataset.typingSrc, new FormData(), form).catch(() => { });
}
function grow(t) { if (!CSS.supports('field-sizing', 'content')) { t.style.height = 'auto'; t.style.height = t.scrollHeight + 2 + 'px'; } }

// ---- events, once for the whole document
D.addEventListener('input', e => {
  const t = e.target, form = t.closest?.('form');
  if (t.matches('.palette-input')) { look(t.closest('dialog'), t.value); return; }
  if (t.localName === 'textarea') { grow(t); if (t.dataset.cannedSrc || t.dataset.mentionSrc) suggest(t); }
  if (form?.dataset.draftSrc) { const d = draftOf(form); d.done = false; d.keep(); d.soon(); }
  if (form) typing(form);
});
D.addEventListener('change', e => {
  const t = e.target, form = t.closest('form');
  if (t.type === 'file' && form?.dataset.uploadSrc) { const files = [...t.files]; t.value = ''; upload(form, files); }
  if (t.matches('[data-submits]')) form?.requestSubmit();
  if (t.matches('[data-all]')) $$(t.dataset.all).forEach(c => { if (c !== t) { c.checked = t.checked; } });
});
D.addEventListener('focusin', e => { const f = e.target.closest?.('form[data-draft-src]'); if (f) draftOf(f); });
D.addEventListener('focusout', e => { const f = e.target.closest?.('form[data-draft-src]'); if (f && drafts.has(f)) drafts.get(f).save(); if (e.target === popup?.text) setTimeout(closePopup, 150); });
addEventListener('pagehide', () => { $$('form[data-draft-src]').forEach(f => drafts.has(f) && drafts.get(f).save(true)); hush(); });
addEventListener('pageshow', e => { if (e.persisted) listen(); });
D.addEventListener('paste', e => {
  const form = e.target.closest?.('form[data-upload-src]'), files = [...e.clipboardData?.files || []];
  if (form && files.length) { e.preventDefault(); upload(form, files, e.target.localName === 'textarea' ? e.target : null); }
});
for (const kind of ['dragover', 'dragleave', 'drop']) D.addEventListener(kind, e => {
  const zone = e.target.closest?.('[data-composer]') || e.target.closest?.('form[data-upload-src]'); if (!zone || !e.dataTransfer?.types.includes('Files')) return;
  if (kind !== 'dragleave') e.preventDefault();
  zone.classList.toggle('over', kind === 'dragover');
  if (kind === 'drop') { const form = zone.matches('form') ? zone : $$('form[data-upload-src]', zone).find(f => f.offsetParent) || $('form[data-upload-src]', zone); if (form) upload(form, [...e.dataTransfer.files]); }
});
D.addEventListener('click', e => {
  const t = e.target, on = s => t.closest(s);
  for (const m of $$('details.menu[open]')) if (!m.contains(t) || t.closest('.menu-list a,.menu-list button')) setTimeout(shut, 0, m);
  if (html.dataset.drawer && !on('[data-pane]') && !on('[data-fold]')) delete html.dataset.drawer;
  if (t.localName === 'dialog' && t.hasAttribute('data-dialog') && t.open || t.matches('dialog[data-palette]')) {
    const r = t.getBoundingClientRect(); // a click on the backdrop; kept open while something is typed
    if ((e.clientX < r.left || e.clientX > r.right || e.clientY < r.top || e.clientY > r.bottom) && !$$('form', t).some(f => !f.matches('.palette-head') && dirty(f))) t.close();
  }
  let el;
  if (el = on('[data-opens]')) { const d = $(el.dataset.opens); if (d) { e.preventDefault(); open(d, el); } return; }
  if (el = on('[data-closes]')) { const d = el.closest('dialog'); if (d) { e.preventDefault(); d.close(); return; } const x = el.closest('.toast,.banner'); if (x) { e.preventDefault(); x.remove(); } return; }
  if (e.ctrlKey || e.metaKey || e.shiftKey) return;
  if (el = on('a[data-sheet]')) { e.preventDefault(); sheet(el); return; }
  if (el = on('[data-fold]')) { e.preventDefault(); fold(el.dataset.fold); return; }
  if (el = on('[data-copies]')) { const from = $(el.dataset.copies); if (from && navigator.clipboard) { e.preventDefault(); navigator.clipboard.writeText(from.value ?? from.innerText.trim()).then(() => toast(el.dataset.says || '')); } return; }
  if ((el = on('[data-shows]')) && $(`.desk [data-pane="${el.dataset.shows}"]`)) { e.preventDefault(); show(el.dataset.shows); return; }
  if (el = on('.case-row[hx-get]')) { $$('.case-row[aria-current]').forEach(r => r.removeAttribute('aria-current')); el.setAttribute('aria-current', 'true'); }
});
D.addEventListener('toggle', e => { if (e.target.matches?.('details.menu') && e.target.open) $$('details.menu[open]').forEach(m => { if (m !== e.target && !m.contains(e.target)) m.open = false; }); }, true);
D.addEventListener('close', e => { if (opener?.isConnected && e.target.localName === 'dialog') { opener.focus(); opener = null; } }, true);
D.addEventListener('submit', e => {
  const form = e.target;
  if (form.matches('[data-theme-form]')) {
    const value = e.submitter?.value || new FormData(form).get('theme'); if (!value) return;
    e.preventDefault(); html.dataset.theme = value; const data = new FormData(form, e.submitter); send(form.action, data, form, { keepalive: true }).catch(() => { }); return;
  }
  const d = drafts.get(form); if (d) { d.finish(); if (!form.matches('[hx-post]')) d.forget(); }
  if (e.submitter && form.method === 'post' && !form.matches('[hx-post]')) { // a double click is one submit; the key in the form is the real guard
    if (form.dataset.sent) { e.preventDefault(); return; } form.dataset.sent = '1'; setTimeout(() => { delete form.dataset.sent; }, 4000);
  }
});
D.addEventListener('keydown', e => { if (e.target.matches?.('.palette-input')) paletteKeys(e); });

// ---- htmx
// A DELETE carries its fields in the address: what somebody writes has no place there, and the token goes as a header.
D.addEventListener('htmx:configRequest', e => { if (e.detail.verb === 'delete') { e.detail.parameters = new FormData(); e.detail.headers['X-Form-Token'] = token(e.detail.elt) || ''; } });
D.addEventListener('htmx:responseError', e => { const s = e.detail.xhr.status; if (s === 401) signedOut(); else toast(says('Failed'), true); });
D.addEventListener('htmx:sendError', () => toast(says('Failed'), true));
D.addEventListener('htmx:afterRequest', e => { const f = e.detail.elt, d = drafts.get(f); /* a part within a form that asks for itself sends nothing */ if (d) { const s = e.detail.xhr ? e.detail.xhr.status : 0; /* what leads elsewhere is a success that htmx does not call one */ if (s >= 200 && s < 300) { d.forget(); if (f.isConnected) d.restart(); } else if (f.isConnected) { d.done = false; d.soon(); } else d.finish(); } }); // a form that was replaced must not bring its draft back behind the answer
D.addEventListener('htmx:afterSettle', e => { const t = e.detail.target || e.target; ready(t); if (t.id === 'case' || t.dataset?.pane === 'case') { show('case'); const c = $('#case'); if (c) { c.focus({ preventScroll: true }); $('.unread-line')?.scrollIntoView({ block: 'start' }); } } });
D.addEventListener('closeDialog', closeAll);
D.addEventListener('refresh', everything);

// ---- toasts leave by themselves unless somebody looks at them
function watchToast(t) {
  if (t.dataset.watched || t.classList.contains('broken')) return; t.dataset.watched = '1';
  let left = (+t.dataset.seconds || (t.hasAttribute('data-undo') ? 10 : 5)) * 1000, start = 0, timer = 0;
  const go = () => { start = Date.now(); timer = setTimeout(() => t.remove(), left); }, wait = () => { clearTimeout(timer); left = Math.max(2000, left - (Date.now() - start)); };
  t.addEventListener('mouseenter', wait); t.addEventListener('mouseleave', go); t.addEventListener('focusin', wait); t.addEventListener('focusout', go); go();
}
function ready(root) {
  if (!root?.querySelectorAll) return;
  $$('time[data-relative]', root).forEach(freshen);
  $$('form[data-draft-src]', root).forEach(f => draftOf(f));
  $$('.composer textarea', root).forEach(grow);
  if (caseHere()) $$('.case-row[hx-get]').forEach(r => r.pathname === location.pathname ? r.setAttribute('aria-current', 'true') : r.removeAttribute('aria-current'));
  inView($('.settings-nav [aria-current]', root));
  showTabs();
  told();
}
D.addEventListener('DOMContentLoaded', () => {
  if (window.htmx) htmx.defineExtension('morph', { isInlineSwap: s => s === 'morph', handleSwap(style, target, fragment) { if (style !== 'morph') return false; const f = fragment.nodeType === 11 ? fragment.firstElementChild : fragment; if (f) mergeKept(target, f); return [target]; } });
  if (D.body.classList.contains('outside')) store('sessionStorage', 'cases', null); // nobody is signed in: what was open is nobody's
  ready(D);
  const clock = () => $$('[data-timer]').forEach(e => { const s = Math.max(0, Math.floor((Date.now() - Date.parse(e.getAttribute('datetime'))) / 1000)); if (!isNaN(s)) e.textContent = (s >= 3600 ? Math.floor(s / 3600) + ':' + String(Math.floor(s / 60) % 60).padStart(2, '0') : Math.floor(s / 60)) + ':' + String(s % 60).padStart(2, '0'); });
  if ($('[data-timer]')) { clock(); setInterval(clock, 1000); }
  setInterval(() => { if (!D.hidden) $$('time[data-relative]').forEach(freshen); }, 30000);
  const box = $('#toasts'); if (box) { $$('.toast', box).forEach(watchToast); new MutationObserver(() => $$('.toast', box).forEach(watchToast)).observe(box, { childList: true }); }
  if ($('.case') && !location.hash) $('.unread-line')?.scrollIntoView({ block: 'start' });
  listen();
});
D.addEventListener('DOMContentLoaded', stands); // apart: keys come free whatever fails
})();
