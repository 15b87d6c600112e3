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

// Words and what was chosen with them; neither the address of mail nor what one tells of oneself: others may use this
// browser too. Of these only the names are kept, to say that they have to be filled in again.
const KEPT = new Set(["text", "stance", "lang", "name", "consent", "frequency"]);
const isKept = (name) => KEPT.has(name) || name.startsWith("q-");
const isOnesOwn = (name) => name === "email" || name.startsWith("c-");
const LEFT_OUT = "left-out";
const draftOf = (form) => {
  const sent = [...new FormData(form)].filter(([, value]) => typeof value === "string");
  const leftOut = sent.filter(([name, value]) => isOnesOwn(name) && value.trim()).map(([name]) => name);
  return { ...Object.fromEntries(sent.filter(([name]) => isKept(name))), [LEFT_OUT]: leftOut };
};
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
    if (name === LEFT_OUT) continue;
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
  // Nobody is let read more than was chosen: where the choice is not known, or offered no more, the narrowest stands.
  const consents = form.elements.consent;
  if (consents.value !== draft.consent) [...consents].at(-1).checked = true;
};

// What was filled in and is not kept is said, and is to be seen.
const tellLeftOut = (form, names, place) => {
  const fields = names.map((name) => form.elements.namedItem(name)).filter((field) => field && !field.value);
  for (const field of fields) field.closest("details").open = true;
  place.querySelector("bdi").textContent = fields.map((field) => field.labels[0].firstChild.textContent.trim()).join(", ");
  place.hidden = !fields.length;
};

const form = document.querySelector("form[data-draft]");
if (form) {
  const key = KEEPS + form.dataset.draft;
  const isEmpty = !hasWords(draftOf(form));
  const draft = readDraft(key);
  let missing = [];
  if (isEmpty && hasWords(draft)) {
    fill(form, draft);
    const notice = form.querySelector(".restored");
    notice.hidden = false;
    missing = draft[LEFT_OUT] ?? [];
    tellLeftOut(form, missing, notice.querySelector(".left-out"));
    notice.querySelector("button").addEventListener("click", () => {
      keep(localStorage, key, null);
      missing = [];
      for (const field of form.querySelectorAll("textarea")) field.value = "";
      notice.hidden = true;
      form.elements.text.focus();
    });
  }
  let waiting = 0;
  const save = () => {
    const now = draftOf(form);
    now[LEFT_OUT] = [...new Set([...now[LEFT_OUT], ...missing])];
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
