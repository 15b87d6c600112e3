// Beside a text: what is said about a passage is shown in the margin without leaving the page, and words one selects can
// be remarked on or suggested otherwise. Without this script every one of these links leads to the passage's own page.
//
// The page offers a place for it, <aside data-margin>; what stands there otherwise comes back when one closes it.

const place = document.querySelector("[data-margin]");
const wide = matchMedia("(min-width: 80rem)");
let shown = null;
let asked = null;

const passageOf = (node) => (node?.nodeType === Node.ELEMENT_NODE ? node : node?.parentElement)?.closest?.(".p[id^='p-']");
const talkOf = (passage) => passage.querySelector(":scope > a.no[href*='passages/'], :scope a.talk[href*='passages/']");

const close = () => {
  if (!shown) return;
  shown.panel.remove();
  shown.passage.classList.remove("in-focus");
  for (const node of shown.kept) node.hidden = false;
  shown.link.focus({ preventScroll: true });
  shown = null;
};

const show = (passage, link, html) => {
  const focus = shown?.link ?? link;
  if (shown) close();
  const panel = document.createElement("div");
  panel.className = wide.matches ? "talk-here" : "talk-here drawer";
  panel.tabIndex = -1;
  panel.innerHTML = html;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "plain link close";
  button.textContent = place.dataset.close ?? "×";
  button.addEventListener("click", close);
  panel.prepend(button);
  const kept = [...place.children].filter((node) => !node.hidden);
  if (wide.matches) for (const node of kept) node.hidden = true;
  place.append(panel);
  passage.classList.add("in-focus");
  shown = { passage, link, panel, kept: wide.matches ? kept : [], focus };
  if (wide.matches) align(panel, passage);
  panel.focus({ preventScroll: true });
};

// The panel stands at the height of its passage, as far as the page reaches; the text does not move.
const align = (panel, passage) => {
  const top = passage.getBoundingClientRect().top - panel.getBoundingClientRect().top;
  const room = Math.max(0, document.documentElement.scrollHeight - (panel.getBoundingClientRect().bottom + scrollY));
  panel.style.marginBlockStart = `${Math.max(0, Math.min(top, room))}px`;
};

const open = async (passage, link) => {
  asked?.abort();
  asked = new AbortController();
  try {
    const answer = await fetch(link.href, {
      headers: { "HX-Request": "true" },
      credentials: "same-origin",
      signal: asked.signal,
    });
    if (!answer.ok) throw new Error(answer.statusText);
    show(passage, link, await answer.text());
  } catch (error) {
    if (error.name !== "AbortError") location.assign(link.href);
  }
};

if (place) {
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest?.(".p > a.no, .p a.talk");
    const passage = link && passageOf(link);
    if (!passage || !link.href.includes("/passages/")) return;
    event.preventDefault();
    if (shown?.passage === passage) close();
    else open(passage, link);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
}

// Words that were selected: a small choice beside them, of links with the words in their addresses.
const MOST_WORDS = 1000;
const CONTEXT = 40;
let choice = null;

const dismiss = () => {
  choice?.remove();
  choice = null;
};

const offered = () => {
  const here = document.querySelector("[data-suggest-label], [data-remark-label]");
  return here && { suggest: here.dataset.suggestLabel, remark: here.dataset.remarkLabel };
};

const beforeOf = (range, said) => {
  const before = document.createRange();
  before.selectNodeContents(said);
  before.setEnd(range.startContainer, range.startOffset);
  return before.toString().slice(-CONTEXT);
};

const offer = () => {
  dismiss();
  const labels = offered();
  const selection = getSelection();
  if (!labels || !selection || selection.isCollapsed || !selection.rangeCount) return;
  const range = selection.getRangeAt(0);
  const passage = passageOf(range.startContainer);
  const said = passage?.querySelector(".said");
  const words = selection.toString().trim();
  if (!said?.contains(range.startContainer) || !words || words.length > MOST_WORDS) return;
  if (!said.contains(range.endContainer) && range.endOffset) return;
  const link = talkOf(passage);
  if (!link) return;
  choice = document.createElement("p");
  choice.className = "on-words";
  const add = (label, name, hash) => {
    if (!label) return;
    const address = new URL(link.href);
    address.searchParams.set(name, words);
    address.searchParams.set("before", beforeOf(range, said));
    address.hash = hash;
    const act = document.createElement("a");
    act.href = address;
    act.textContent = label;
    choice.append(act);
  };
  add(labels.remark, "quote", "remark");
  add(labels.suggest, "suggest", "suggest");
  document.body.append(choice);
  const box = range.getBoundingClientRect();
  const half = choice.offsetWidth / 2;
  const middle = Math.min(Math.max(box.left + box.width / 2, half + 8), document.documentElement.clientWidth - half - 8);
  choice.style.left = `${middle - half + scrollX}px`;
  choice.style.top = `${box.bottom + scrollY + 8}px`;
};

if (offered()) {
  document.addEventListener("pointerup", () => setTimeout(offer));
  document.addEventListener("keyup", (event) => {
    if (event.key.startsWith("Arrow") && event.shiftKey) offer();
    else if (event.key === "Escape") dismiss();
  });
  document.addEventListener("pointerdown", (event) => {
    if (!event.target.closest?.(".on-words")) dismiss();
  });
}

// On a passage's own page: the words one came to change are selected in the form.
const asking = new URLSearchParams(location.search).get("suggest");
const field = document.getElementById("suggest_words");
if (asking && field) {
  const start = field.value.indexOf(asking);
  field.focus();
  if (start >= 0) field.setSelectionRange(start, start + asking.length);
}
