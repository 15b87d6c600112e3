// Beside a text: what is said about a passage opens beside it without leaving the page, and words that are selected can
// be remarked on or suggested otherwise. Without this script each of these links leads to the passage's own page.
//
// The page says in <div id="beside"> what the links are called; one that is not named is not offered.

const names = document.getElementById("beside")?.dataset;
const wide = matchMedia("(min-width: 80rem)");
let shown = null;
let asked = null;

const elementOf = (node) => (node?.nodeType === Node.ELEMENT_NODE ? node : node?.parentElement);
const passageOf = (node) => elementOf(node)?.closest(".p[id^='p-']");
const pageOf = (passage) => passage.querySelector(":scope > a.no[href*='passages/']");

const close = () => {
  if (!shown) return;
  const { panel, passage, link } = shown;
  shown = null;
  panel.remove();
  passage.classList.remove("in-focus");
  link.focus({ preventScroll: true });
};

// In the margin where there is one, else at the lower edge of the screen: the text stays where it is.
const show = (passage, link, html) => {
  close();
  const panel = document.createElement("aside");
  panel.className = wide.matches ? "beside-it" : "beside-it drawer";
  panel.tabIndex = -1;
  // Beside a text that may be in another language and direction.
  panel.lang = document.documentElement.lang;
  panel.dir = document.documentElement.dir;
  panel.innerHTML = html;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "plain link close";
  button.textContent = names.close;
  button.addEventListener("click", close);
  panel.prepend(button);
  passage.append(panel);
  passage.classList.add("in-focus");
  shown = { panel, passage, link };
  const hidden = !wide.matches && passage.getBoundingClientRect().bottom > panel.getBoundingClientRect().top;
  if (hidden) passage.scrollIntoView({ block: "start", behavior: "instant" });
  panel.focus({ preventScroll: true });
};

const open = async (passage, link) => {
  asked?.abort();
  asked = new AbortController();
  try {
    const answer = await fetch(link.href, { headers: { "HX-Request": "true" }, signal: asked.signal });
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    show(passage, link, await answer.text());
  } catch (error) {
    if (error.name !== "AbortError") location.assign(link.href);
  }
};

// Words that were selected: a choice below them, of links with the words in their addresses.
const MOST_WORDS = 1000;
const CONTEXT = 40;
let choice = null;

const dismiss = () => {
  choice?.remove();
  choice = null;
};

const wordsBefore = (range, said) => {
  const before = document.createRange();
  before.selectNodeContents(said);
  before.setEnd(range.startContainer, range.startOffset);
  return before.toString().slice(-CONTEXT);
};

// What is selected within one passage: where, the words, and the passage's page; nothing otherwise.
const selected = () => {
  const selection = getSelection();
  if (!selection?.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const passage = passageOf(range.startContainer);
  const said = passage?.querySelector(":scope > .said");
  const page = passage && pageOf(passage);
  const words = selection.toString().trim();
  if (!page || !words || words.length > MOST_WORDS || !said?.contains(range.startContainer)) return null;
  // A triple click ends the selection at the beginning of what follows.
  if (!said.contains(range.endContainer) && range.endOffset > 0) return null;
  return { range, words, page, before: wordsBefore(range, said) };
};

const offer = () => {
  dismiss();
  const found = selected();
  if (!found) return;
  choice = document.createElement("p");
  choice.className = "on-words";
  for (const [label, name, place, at] of [
    [names.say, "quote", "", names.sayAt],
    [names.remark, "quote", "remark", found.page.href],
    [names.suggest, "suggest", "suggest", found.page.href],
  ]) {
    if (!label) continue;
    const address = new URL(at, location.href);
    // Speaking has one page for all passages; its address says which.
    if (!place) address.searchParams.set("passage", found.page.pathname.split("/").at(-2));
    address.searchParams.set(name, found.words);
    address.searchParams.set("before", found.before);
    address.hash = place;
    const link = document.createElement("a");
    link.href = address;
    link.textContent = label;
    choice.append(link);
  }
  document.body.append(choice);
  const box = found.range.getBoundingClientRect();
  const half = choice.offsetWidth / 2;
  const middle = Math.min(Math.max(box.left + box.width / 2, half + 8), document.documentElement.clientWidth - half - 8);
  choice.style.left = `${middle - half + scrollX}px`;
  choice.style.top = `${box.bottom + scrollY + 8}px`;
};

if (names) {
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest(".p > a.no, .p > .spoke a");
    const passage = link && passageOf(link);
    if (!passage || !link.href.includes("/passages/")) return;
    event.preventDefault();
    if (shown?.passage === passage) close();
    else open(passage, link);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    dismiss();
    close();
  });
}
if (names?.say || names?.remark || names?.suggest) {
  document.addEventListener("pointerup", () => setTimeout(offer));
  document.addEventListener("keyup", (event) => {
    if (event.shiftKey && event.key.startsWith("Arrow")) offer();
  });
  document.addEventListener("pointerdown", (event) => {
    if (!event.target.closest(".on-words")) dismiss();
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
