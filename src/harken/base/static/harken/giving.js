// Speaking: what is typed is kept in this browser until it is safe, and the receipt can be copied and printed.
// Without this script the form and the receipt do all the same; only what is typed is not kept.

const KEEPS = "harken-say:";
const UNDER_WAY = "harken-say-sent";

// Some browsers refuse storage altogether: then nothing is kept, and nothing breaks.
const stored = (store, key) => {
  try {
    return store.getItem(key);
  } catch {
    return null;
  }
};
const keep = (store, key, value) => {
  try {
    if (value === null) store.removeItem(key);
    else store.setItem(key, value);
  } catch {
    // Full, or refused.
  }
};

// Words and the stance; neither the address of mail nor what one tells of oneself: others may use this browser too.
const isKept = (name) => name === "text" || name === "stance" || name === "name" || name.startsWith("q-");
const draftOf = (form) =>
  Object.fromEntries([...new FormData(form)].filter(([name, value]) => isKept(name) && typeof value === "string"));
const hasWords = (draft) => Object.entries(draft).some(([name, value]) => (name === "text" || name.startsWith("q-")) && value.trim());
const readDraft = (key) => {
  try {
    return JSON.parse(stored(localStorage, key)) ?? {};
  } catch {
    return {};
  }
};

const fill = (form, draft) => {
  for (const [name, value] of Object.entries(draft)) {
    const field = form.elements.namedItem(name);
    if (!field) {
      // A question that is asked no more, or in another language: what was said to it goes on in the text.
      if (name.startsWith("q-") && value.trim()) form.elements.text.value = `${form.elements.text.value}\n\n${value}`.trim();
      continue;
    }
    field.value = value;
    const folded = field instanceof Element && value && field.closest("details");
    if (folded && name.startsWith("q-")) folded.open = true;
  }
};

const form = document.querySelector("form[data-draft]");
if (form) {
  const key = KEEPS + form.dataset.draft;
  const isEmpty = !hasWords(draftOf(form));
  const draft = readDraft(key);
  if (isEmpty && hasWords(draft)) {
    fill(form, draft);
    const notice = form.querySelector(".restored");
    notice.hidden = false;
    notice.querySelector("button").addEventListener("click", () => {
      keep(localStorage, key, null);
      for (const field of form.querySelectorAll("textarea")) field.value = "";
      notice.hidden = true;
      form.elements.text.focus();
    });
  }
  let waiting = 0;
  const save = () => {
    const now = draftOf(form);
    keep(localStorage, key, hasWords(now) ? JSON.stringify(now) : null);
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(save, 300);
  });
  addEventListener("pagehide", save);

  form.elements.time_zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
  const offline = form.querySelector(".offline");
  form.addEventListener("submit", (event) => {
    save();
    if (navigator.onLine) {
      keep(sessionStorage, UNDER_WAY, key);
      return;
    }
    event.preventDefault();
    offline.textContent = form.dataset.offline;
    offline.hidden = false;
    offline.scrollIntoView({ block: "nearest" });
  });
  addEventListener("online", () => {
    offline.hidden = true;
  });
}

// Input is closed: what one had written is here still, to be copied.
const kept = document.querySelector("#kept[data-draft]");
if (kept) {
  const draft = readDraft(KEEPS + kept.dataset.draft);
  const words = Object.entries(draft).filter(([name, value]) => (name === "text" || name.startsWith("q-")) && value.trim());
  if (words.length) {
    kept.querySelector("textarea").value = words.map(([, value]) => value).join("\n\n");
    kept.hidden = false;
  }
}

// It is in the ledger: the draft has done its work.
if (document.querySelector("[data-receipt=new]")) {
  const key = stored(sessionStorage, UNDER_WAY);
  if (key) keep(localStorage, key, null);
  keep(sessionStorage, UNDER_WAY, null);
}

for (const button of document.querySelectorAll("[data-copy], [data-print]")) {
  button.closest(".actions").hidden = false;
  button.addEventListener("click", async () => {
    if ("print" in button.dataset) {
      print();
      return;
    }
    const field = document.getElementById(button.dataset.copy);
    field.select();
    await navigator.clipboard?.writeText(field.value);
    button.textContent = button.dataset.done;
  });
}
