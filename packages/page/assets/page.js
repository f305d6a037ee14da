// Keeps a view up to date, and the token of this tab. Without it, every view and every change works all the same.

const KEPT = 'soar-feed-token';
const TRIES_BEFORE_WORD = 2;

/** This tab's own, gone with it; other ports of this machine do not see it, as they would see a cookie. */
const kept = {
  get: () => sessionStorage.getItem(KEPT),
  set: (token) => sessionStorage.setItem(KEPT, token),
  clear: () => sessionStorage.removeItem(KEPT),
};

// --- The token -----------------------------------------------------------------------------------------------------

/** `soar-feed page` prints an address that ends in the token. What stands behind `#` is never sent. */
function takeTokenFromAddress() {
  const [, token] = /^#token=([\w-]+)$/.exec(location.hash) ?? [];
  if (token === undefined) return;
  kept.set(token);
  history.replaceState(null, '', location.pathname + location.search);
}

function showToken() {
  if (document.querySelector('[data-token-refused]') !== null) kept.clear();
  const field = document.getElementById('token');
  if (field === null) return;
  const token = kept.get();
  const panel = field.closest('.token');
  field.value = token ?? '';
  field.closest('.field').hidden = token !== null;
  panel.querySelector('#token-h').hidden = token !== null;
  panel.querySelector('#unlocked').hidden = token === null;
  const unlock = panel.querySelector('button[value="check"]');
  if (unlock !== null) unlock.hidden = token !== null;
}

document.addEventListener('submit', ({ target }) => {
  const token = target.querySelector('#token')?.value;
  if (token) kept.set(token);
});

document.addEventListener('click', ({ target }) => {
  if (target.id !== 'lock') return;
  kept.clear();
  showToken();
  document.getElementById('token').focus();
});

// --- The view -------------------------------------------------------------------------------------------------------

const main = document.getElementById('main');
const everyMs = Number(main.dataset.refresh ?? 0) * 1000;
const pause = document.getElementById('pause');
const lost = document.getElementById('lost');
let isPaused = false;
let failures = 0;
let timer;

/** The view as the host has it now. The browser parses it as a document in which nothing runs. */
function load() {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('GET', location.pathname + location.search);
    request.responseType = 'document';
    request.timeout = 10_000;
    request.onload = () => {
      if (request.status === 200 && request.response !== null) resolve(request.response);
      else reject(new Error(String(request.status)));
    };
    request.onerror = () => reject(new Error('no answer'));
    request.ontimeout = request.onerror;
    request.send();
  });
}

/** What changes by itself, by id; not the form around it, in which somebody may be writing. */
const PARTS = ['views', 'asof', 'said', 'headline', 'reload', 'feeds', 'hours', 'title', 'causes', 'deeds'];

/** Takes over each part that differs, unless somebody works in it. */
function takeOver(next) {
  const has = (of) => PARTS.filter((id) => of.getElementById(id) !== null).join();
  const isForm = (of) => of.getElementById('change') !== null;
  // Parts came or went, such as with the first parked row: the view is another one.
  const isOther = has(next) !== has(document) || isForm(next) !== isForm(document);
  if (isOther && !isBusy(main)) swap(document.querySelector('main > .view'), next.querySelector('main > .view'));
  for (const id of PARTS) swap(document.getElementById(id), next.getElementById(id));
  if (isOther) showToken();
  document.title = next.title;
}

function swap(to, from) {
  if (to === null || from === null) return;
  keepOpen(to, from);
  if (!from.isEqualNode(to) && !isBusy(to)) to.replaceWith(document.adoptNode(from));
}

/** Focus is inside, or text is marked there. */
function isBusy(part) {
  const marked = getSelection();
  const isMarked = marked !== null && !marked.isCollapsed && part.contains(marked.anchorNode);
  return isMarked || (part.contains(document.activeElement) && document.activeElement !== main);
}

/** What somebody opened stays open. */
function keepOpen(to, from) {
  const opened = [...to.querySelectorAll('details')];
  [...from.querySelectorAll('details')].forEach((details, at) => (details.open = opened[at]?.open === true));
}

async function refresh() {
  clearTimeout(timer);
  if (!isPaused && document.visibilityState === 'visible') {
    try {
      takeOver(await load());
      failures = 0;
      lost.hidden = true;
    } catch {
      failures += 1;
      if (failures === TRIES_BEFORE_WORD) {
        lost.textContent = 'The host does not answer. What stands here is as it was last.';
        lost.hidden = false;
      }
    }
  }
  // A host that is gone is asked less and less often.
  timer = setTimeout(refresh, everyMs * Math.min(2 ** failures, 8));
}

takeTokenFromAddress();
showToken();
if (everyMs > 0) {
  pause.hidden = false;
  pause.addEventListener('click', () => {
    isPaused = !isPaused;
    pause.setAttribute('aria-pressed', String(isPaused));
    pause.textContent = isPaused ? 'Go on' : 'Pause';
    if (!isPaused) void refresh();
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void refresh();
  });
  timer = setTimeout(refresh, everyMs);
}
