// The editor: counts words as one types, lets fields grow, and keeps the words, here in the browser at once and on the
// server every few seconds, until they are saved. Without this file everything works by its buttons.

const form = document.getElementById("words");

if (form) {
  const said = document.getElementById("kept");
  const store = form.dataset.store;
  const texts = () => [...form.querySelectorAll("textarea")];
  const grows = CSS.supports("field-sizing", "content");
  const HERE = 1000;
  const SERVER = 4000;

  // This page's own name: when it was saved, the next page knows that what is kept under it is not needed any more.
  const page = form.elements.page;
  page.value = page.value || crypto.getRandomValues(new Uint32Array(3)).join("-");

  // Words as the language counts them; the server's count, which the page begins with, is nearly the same.
  const counters = new Map();
  const countWords = (text, lang) => {
    if (!counters.has(lang)) counters.set(lang, new Intl.Segmenter(lang || undefined, { granularity: "word" }));
    let count = 0;
    for (const part of counters.get(lang).segment(text)) count += part.isWordLike ? 1 : 0;
    return count;
  };
  const number = new Intl.NumberFormat(document.documentElement.lang, { useGrouping: true });
  const showCount = (field) => {
    const shown = field.closest(".area").querySelector(".count");
    if (!shown) return;
    const budget = shown.dataset.budget;
    const words = countWords(field.value, field.lang);
    const over = budget ? Math.max(0, words - Number(budget)) : 0;
    shown.querySelector("[data-count]").textContent = (budget ? said.dataset.of : said.dataset.word)
      .replace("%s", number.format(words))
      .replace("%b", budget ? number.format(Number(budget)) : "");
    shown.classList.toggle("over", over > 0);
    shown.querySelector("[data-over]").hidden = over === 0;
    shown.querySelector("[data-more]").textContent = number.format(over);
  };

  const grow = (field) => {
    if (grows) return;
    field.style.blockSize = "auto";
    field.style.blockSize = `${field.scrollHeight + 2}px`;
  };

  // What the form would send, without what belongs to this one request.
  const gather = () => {
    const data = new FormData(form);
    data.delete("csrfmiddlewaretoken");
    return [...data.entries()];
  };
  const words = () => JSON.stringify(gather().filter(([name]) => name !== "base" && name !== "page"));

  const readStore = () => {
    try {
      return JSON.parse(localStorage.getItem(store));
    } catch {
      return null;
    }
  };
  const writeStore = (value) => {
    try {
      if (value) localStorage.setItem(store, JSON.stringify(value));
      else localStorage.removeItem(store);
      return true;
    } catch {
      return false; // full or forbidden: the server keeps the words as well
    }
  };

  const clock = () => new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" }).format();
  const say = (name) => {
    said.textContent = said.dataset[name].replace("%s", clock());
  };

  // The token of now, not of when the page was made: signing in again in another window changes it.
  const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? form.elements.csrfmiddlewaretoken.value;
  const send = async (entries) => {
    const body = new FormData();
    for (const [name, value] of entries) body.append(name, value);
    return fetch(form.dataset.keep, { method: "POST", body, headers: { "X-CSRFToken": token() } });
  };

  let atServer = words();
  let leaving = false;
  let sending = false;
  let hereTimer;
  let serverTimer;

  const keepHere = () => writeStore({ at: Date.now(), page: page.value, entries: gather() });

  const keepAtServer = async () => {
    clearTimeout(serverTimer);
    if (leaving || sending) return;
    const now = words();
    if (now === atServer) return;
    if (!navigator.onLine) {
      say("keptHere"); // and goes on when the line is back
      return;
    }
    sending = true;
    try {
      const answer = await send(gather());
      if (answer.ok) {
        atServer = now;
        say("keptAt");
      } else if (answer.status === 403) {
        say("signedOut");
      } else {
        said.textContent = (await answer.json()).reason;
      }
    } catch {
      say("keptHere");
    }
    sending = false;
    if (!leaving && words() !== atServer) serverTimer = setTimeout(keepAtServer, SERVER);
  };

  form.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.matches("textarea")) return;
    showCount(field);
    grow(field);
    clearTimeout(hereTimer);
    hereTimer = setTimeout(keepHere, HERE);
    if (!serverTimer) serverTimer = setTimeout(() => { serverTimer = undefined; keepAtServer(); }, SERVER);
  });
  addEventListener("online", keepAtServer);
  // A page that goes away, for whatever reason, leaves its words here.
  addEventListener("pagehide", () => {
    if (words() !== begun) keepHere();
  });
  form.addEventListener("submit", () => {
    leaving = true;
    keepHere();
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) leaving = false;
  });
  document.getElementById("discard").addEventListener("submit", () => {
    leaving = true;
    writeStore(null);
    begun = words();
  });

  for (const field of texts()) {
    grow(field);
    showCount(field);
  }
  let begun = words();

  // What this browser kept of an earlier page and nobody saved: to the server with it, and the page again, with it.
  const waiting = readStore();
  if (waiting) {
    const isSaved = form.dataset.saved.split(" ").includes(waiting.page);
    const isHere = JSON.stringify(waiting.entries.filter(([name]) => name !== "base" && name !== "page")) === begun;
    const offset = Date.now() - Number(form.dataset.now) * 1000;
    const isOlder = form.dataset.kept && waiting.at - offset < Number(form.dataset.kept) * 1000;
    if (isSaved || isHere || isOlder) {
      writeStore(null);
    } else {
      send(waiting.entries)
        .then(async (answer) => {
          if (!answer.ok) return;
          writeStore(null);
          if ((await answer.json()).kept) location.replace(location.pathname);
        })
        .catch(() => say("keptHere"));
    }
  }
}
