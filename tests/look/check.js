// Runs in the browser against check.py: every line is one thing the vocabulary promises.
const out = [], violations = [];
document.addEventListener('securitypolicyviolation', e => violations.push(e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sample));
const $ = s => document.querySelector(s), wait = ms => new Promise(r => setTimeout(r, ms));
const until = async (f, ms = 4000) => { const end = Date.now() + ms; while (Date.now() < end) { try { const v = await f(); if (v) return v; } catch { } await wait(40); } return false; };
const key = (k, o = {}) => (document.activeElement || document.body).dispatchEvent(new KeyboardEvent('keydown', { key: k, bubbles: true, cancelable: true, ...o }));
const type = (t, text) => { t.focus(); t.value = text; t.setSelectionRange(text.length, text.length); t.dispatchEvent(new Event('input', { bubbles: true })); };
const post = (url, body = '') => fetch(url, { method: 'POST', body });
const seen = async () => (await fetch('/_seen')).json();
const is = (name, ok, more = '') => out.push([name, !!ok, String(more)]);
async function all() {
  const text = $('#reply-text'), note = $('#note-text');
  await wait(400);
  is('script runs under the policy', document.documentElement.classList.contains('js') && window.htmx);
  // keys
  document.body.focus(); key('n');
  is('n chooses the note and focuses it', $('[value=note]').checked && document.activeElement === note, document.activeElement.id);
  key('r'); is('letters rest in a field', $('[value=note]').checked);
  note.blur(); document.body.dataset.keys = 'off'; key('r'); is('keys can be switched off', $('[value=note]').checked); delete document.body.dataset.keys;
  key('r'); is('r chooses the reply', $('[value=reply]').checked && document.activeElement === text); text.blur();
  key('j'); const first = document.activeElement; key('j'); is('j moves on', first.matches('.case-row') && document.activeElement.matches('.case-row') && first !== document.activeElement);
  key('k'); is('k moves back', document.activeElement === first);
  key('['); is('[ folds the views', document.documentElement.dataset.folded.includes('views') && getComputedStyle($('#views')).display === 'none' && localStorage.folded.includes('views'));
  key('['); is('[ brings them back', getComputedStyle($('#views')).display !== 'none');
  key('?'); is('? shows the keys of the page', $('#keys').open && $('#keys [data-made]')); $('#keys').close();
  key('k', { ctrlKey: true }); is('Ctrl K opens the palette', $('#palette').open);
  is('palette lists', await until(() => $('#palette-list [aria-selected=true]')));
  $('.palette-input').focus(); key('ArrowDown'); is('arrow chooses the next', $('#palette-list [aria-selected=true]')?.textContent === 'Two', $('#palette-list')?.textContent);
  key('Enter'); await wait(30); is('Enter opens it', location.hash === '#two' && !$('#palette').open, location.hash);
  let gone = ''; document.addEventListener('click', e => { const a = e.target.closest('a[href="/people.html"]'); if (a) { gone = a.href; e.preventDefault(); } }, true);
  document.activeElement.blur(); key('g'); key('p'); is('g p goes to people', gone);
  // live
  const row = $('#row-x'); row.focus(); $('[value=reply]').checked = true;
  await post('/_hint', '{"kind":"case","id":"1","version":2}');
  is('a hint refreshes the list', await until(() => row.textContent === 'Row 2'), row.textContent);
  is('focus stays', document.activeElement === row); is('new rows come', $('a[href="/new-2"]')); is('old rows go', !$('a[href="/new-1"]'));
  $('.case-bar details.menu').open = true; type(text, 'Half a sentence');
  await post('/_hint', '{"kind":"case","id":"418","version":18}');
  await until(() => $('#row-x').textContent === 'Row 3'); await wait(150);
  is('what is typed stays', text.isConnected && text.value === 'Half a sentence' && document.activeElement === text); is('open menus stay', $('.case-bar details.menu').open); $('.case-bar details.menu').open = false;
  await post('/_hint', '{"kind":"all","id":"0","version":0}'); is('all asks for everything', await until(() => $('#row-x').textContent === 'Row 4'), $('#row-x').textContent);
  // drafts
  is('a draft is saved', await until(async () => (await seen()).some(x => x[0] === '/d' && x[1].includes('Half a sentence'))));
  is('it says so', await until(() => $('[data-saved]').textContent === 'Draft saved')); is('typing is told', (await seen()).some(x => x[0] === '/t'));
  await post('/_out'); type(text, 'Half a sentence and more');
  is('401 opens the way to sign in', await until(() => $('#signed-out').open)); is('the text is still there', text.value.endsWith('and more') && sessionStorage['draft:/d'].endsWith('and more'));
  await post('/_in'); $('#signed-out').close();
  is('the draft is tried again', await until(async () => (await seen()).some(x => x[0] === '/d' && x[1].includes('and more') && x), 9000));
  // writing
  type(text, '/'); is('/ offers canned texts', await until(() => $('.popup [aria-selected=true]'))); key('Enter'); is('Enter takes one', text.value === 'Dear Maria, ' && !$('.popup'), text.value);
  type(text, 'Hello @be'); await until(() => $('.popup [aria-selected=true]')); key('Tab'); is('@ mentions', text.value === 'Hello @ben ', text.value);
  type(text, 'a/b'); await wait(250); is('a slash inside a line offers nothing', !$('.popup'));
  const data = new DataTransfer(); data.items.add(new File(['x'], 'shot.png', { type: 'image/png' })); text.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  is('a pasted picture is uploaded', await until(() => $('[data-files] [name=uploads]')) && text.value.includes('![shot](/f/1)'), text.value);
  // htmx
  is('no violation of the policy so far', violations.length === 0, violations.join(' | '));
  $('#get').click(); is('a fragment is swapped', await until(() => $('#got'))); await wait(200);
  is('nothing in it runs', window.pwned === undefined && !$('#swap script') && !$('#swap img[onerror]') && !$('#js').hasAttribute('href'), window.pwned);
  violations.length = 0; // the browser reports the handler that was in the fragment, and does not run it
  const kept = $('#kept'); kept.click(); $('#morph').click(); is('a morph keeps what is picked', await until(() => $('#keep p').textContent === 'new') && $('#kept') === kept && kept.checked);
  $('#bad button').click(); is('422 is swapped', await until(() => $('#bad .error')));
  // dialogs, toasts
  $('#sheet-link').click(); is('a page opens as a sheet', await until(() => $('#sheet').open && $('#sheet .input')) && document.activeElement.matches('#sheet .input'));
  $('#sheet [data-closes]').click(); await wait(100); is('it closes, focus goes back', !$('#sheet').open && document.activeElement === $('#sheet-link'));
  const t = document.createElement('div'); t.className = 'toast'; t.dataset.seconds = '1'; $('#toasts').append(t); is('a toast leaves by itself', await until(() => !t.isConnected, 2500));
  $('[data-theme-form] [value=dark]').click(); is('the theme changes and is told', document.documentElement.dataset.theme === 'dark' && await until(async () => (await seen()).some(x => x[0] === '/me/theme')));
  // connection
  await post('/_drop'); is('a lost connection is told', await until(() => !$('#offline').hidden && $('#offline').textContent.startsWith('Connection lost'), 6000)); const now = $('#row-x').textContent;
  await post('/_up'); is('it comes back and catches up', await until(() => $('#row-x').textContent !== now, 20000), now);
  is('no violation of the policy', violations.length === 0, violations.join(' | '));
}
addEventListener('load', () => all().catch(e => is('finished', false, e.stack)).finally(() => post('/_done', JSON.stringify(out))));
