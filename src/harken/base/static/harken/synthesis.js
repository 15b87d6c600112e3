// The synthesis bench beyond its form: passages are dragged across with a pointer, or chosen and carried by single
// letters; what is chosen is told as one goes. Everything works without this file; the box beside the keys turns the
// single letters off (WCAG 2.1.4).

const bench = document.querySelector(".synthesis");
const form = document.getElementById("carry");

if (bench && form) {
  const status = document.getElementById("said");
  const chosenLine = bench.querySelector(".chosen");
  const carryAs = document.getElementById("carry-as");
  const why = document.getElementById("why");
  const boxes = () => [...bench.querySelectorAll("input[name=passage]")];
  const places = () => [...bench.querySelectorAll("input[name=place]")];
  const rowOf = (node) => node?.closest?.(".passages-of > li") ?? null;

  const chosen = () => boxes().filter((box) => box.checked);
  const nameOfPlace = (radio) => radio?.getAttribute("aria-label") ?? radio?.closest("label").textContent.trim() ?? "";

  // What is chosen, and where it goes: in words beside the buttons, and for those who listen.
  const tell = (extra = "") => {
    const picked = chosen();
    const count = picked.length;
    const words = status.dataset;
    const names = picked.slice(0, 4).map((box) => rowOf(box).dataset.name);
    const what = count === 0 ? words.none : count === 1 ? words.one : words.many.replace("%s", count);
    const radio = places().find((one) => one.checked);
    const where = radio ? words.place.replace("%s", nameOfPlace(radio)) : "";
    status.textContent = [what, where, extra].filter(Boolean).join(" ");
    chosenLine.hidden = count === 0;
    chosenLine.textContent = [names.join(", ") + (count > 4 ? " …" : ""), where].filter(Boolean).join(" → ");
  };
  bench.addEventListener("change", (event) => {
    if (event.target.matches("input[name=passage], input[name=place], #carry-as")) tell();
  });

  // The whole passage chooses itself, unless its words are being marked or a link or button is meant.
  bench.addEventListener("click", (event) => {
    if (event.target.closest("a, button, label, input, textarea, summary") || String(getSelection())) return;
    rowOf(event.target)?.querySelector(":scope > .pick input")?.click();
  });

  const goTo = (input) => {
    input?.focus({ preventScroll: true });
    rowOf(input)?.scrollIntoView({ block: "nearest" });
  };
  const step = (by) => {
    const all = boxes();
    const here = all.indexOf(rowOf(document.activeElement)?.querySelector("input[name=passage]"));
    goTo(all[here < 0 ? 0 : Math.min(all.length - 1, Math.max(0, here + by))]);
  };
  let button = "carry-button";
  const ask = (name) => {
    button = name;
    why.focus();
    why.select();
    tell(status.dataset.why);
  };
  why.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    form.requestSubmit(document.getElementById(button));
  });
  for (const one of [carryAs, ...places()]) one.addEventListener("input", () => (button = "carry-button"));

  const keys = {
    j: () => step(1),
    k: () => step(-1),
    x: () => rowOf(document.activeElement)?.querySelector("input[name=passage]")?.click(),
    p: () => goTo(places().find((one) => one.checked) ?? places().at(-1)),
    c: () => ask("carry-button"),
    l: () => ask("drop-button"),
  };
  const toggle = document.getElementById("keys");
  const remembered = "harken-bench-keys";
  toggle.closest(".keys").hidden = false;
  toggle.checked = localStorage.getItem(remembered) !== "off";
  toggle.addEventListener("change", () => localStorage.setItem(remembered, toggle.checked ? "on" : "off"));
  document.addEventListener("keydown", (event) => {
    const typed = event.target.closest("textarea, select, input:not([type=checkbox], [type=radio])");
    if (typed) return;
    // Arrows go from passage to passage in the drafts, as they do by themselves among the places of the text.
    const arrow = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (arrow && event.target.matches("input[name=passage]")) {
      event.preventDefault();
      step(arrow);
    } else if (toggle.checked && !event.ctrlKey && !event.metaKey && !event.altKey && keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
    }
  });

  // Dragging: onto the upper part of a passage to go into it, onto its lower edge to stand after it.
  let dragged = null;
  const clear = () => {
    for (const row of bench.querySelectorAll(".over-after, .over-into")) row.classList.remove("over-after", "over-into");
  };
  const aim = (event) => {
    const row = event.target.closest?.(".target .into, .target .gap");
    if (!row) return null;
    const box = row.getBoundingClientRect();
    const isInto = row.matches(".into") && event.clientY < box.bottom - Math.min(24, box.height / 2);
    return { row, into: isInto };
  };
  for (const row of bench.querySelectorAll(".from")) row.draggable = true;
  bench.addEventListener("dragstart", (event) => {
    const row = event.target.closest?.(".from");
    if (!row) return;
    dragged = row;
    row.classList.add("dragged");
    event.dataTransfer.effectAllowed = "copy";
    event.dataTransfer.setData("text/plain", row.dataset.name);
  });
  bench.addEventListener("dragover", (event) => {
    const target = dragged && aim(event);
    clear();
    if (!target) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    target.row.classList.add(target.into ? "over-into" : "over-after");
  });
  bench.addEventListener("drop", (event) => {
    const target = dragged && aim(event);
    if (!target) return;
    event.preventDefault();
    const box = dragged.querySelector("input[name=passage]");
    if (!box.checked) {
      for (const other of chosen()) other.checked = false;
      box.checked = true;
    }
    target.row.querySelector("input[name=place]").checked = true;
    if (target.into) carryAs.value = "into";
    else if (carryAs.value === "into" || carryAs.value === "said") carryAs.value = "own";
    ask("carry-button");
  });
  bench.addEventListener("dragend", () => {
    dragged?.classList.remove("dragged");
    dragged = null;
    clear();
  });

  // After a passage was carried the page comes anew: each pane stands where it stood, and the reason is as it was.
  const memory = `harken-bench ${location.pathname}`;
  const panes = () => [...bench.querySelectorAll(".pane")];
  for (const one of document.querySelectorAll("#carry, #withdraw, #reword")) {
    one.addEventListener("submit", () => {
      const state = { tops: panes().map((pane) => pane.scrollTop), page: scrollY, why: why.value };
      sessionStorage.setItem(memory, JSON.stringify(state));
    });
  }
  const before = JSON.parse(sessionStorage.getItem(memory) ?? "null");
  sessionStorage.removeItem(memory);
  if (before) {
    panes().forEach((pane, index) => (pane.scrollTop = before.tops[index] ?? 0));
    scrollTo({ top: before.page, behavior: "instant" });
    if (!why.value) why.value = before.why;
    const place = location.hash && document.getElementById(location.hash.slice(1));
    place?.scrollIntoView({ block: "nearest", behavior: "instant" });
    place?.querySelector("input")?.focus({ preventScroll: true });
  }
  tell();
  status.textContent = "";
}
