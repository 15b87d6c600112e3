// The benches for input by keyboard: j and k move through the list, x chooses, Enter opens, and the letters that buttons
// and fields carry press or reach them. Everything works without this file; the box beside the keys turns the single
// letters off (WCAG 2.1.4).

const form = document.querySelector(".picking");
const hint = document.querySelector(".keys");

if (form && hint) {
  const toggle = hint.querySelector("input");
  const remembered = "harken-bench-keys";
  hint.hidden = false;
  toggle.checked = localStorage.getItem(remembered) !== "off";
  toggle.addEventListener("change", () => localStorage.setItem(remembered, toggle.checked ? "on" : "off"));

  const rows = [...form.querySelectorAll(".pick")];
  const boxOf = (row) => row.querySelector(".choose input");
  const here = () => document.activeElement?.closest?.(".pick") ?? null;

  const goTo = (row) => {
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
  };
  const step = (by) => {
    const place = rows.indexOf(here());
    goTo(rows[place < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, place + by))]);
  };

  const told = form.querySelector(".chosen");
  const tell = () => {
    const count = rows.filter((row) => boxOf(row).checked).length;
    told.textContent = count === 0 ? "" : count === 1 ? told.dataset.one : told.dataset.many.replace("NUMBER", count);
  };
  const choose = (some, checked) => {
    for (const row of some) boxOf(row).checked = checked;
    tell();
  };
  // Whoever presses a key for what to do and has chosen nothing means the row they stand on.
  const mean = () => {
    if (!rows.some((row) => boxOf(row).checked) && here()) choose([here()], true);
    return rows.some((row) => boxOf(row).checked);
  };
  const press = (button) => {
    const asked = button.dataset.asks && form.elements[button.dataset.asks];
    if (!mean()) return;
    if (asked && !asked.value.trim()) {
      asked.dataset.then = button.value;
      asked.focus();
    } else {
      button.click();
    }
  };
  const reach = (name) => mean() && form.elements[name].focus();

  const keys = {
    j: () => step(1),
    k: () => step(-1),
    x: () => here() && choose([here()], !boxOf(here()).checked),
    "*": () => choose(rows, !rows.every((row) => boxOf(row).checked)),
    Enter: () => here()?.querySelector(".open")?.click(),
  };
  for (const button of form.querySelectorAll("button[data-key]")) keys[button.dataset.key] = () => press(button);
  if (form.elements.state) keys.s = () => reach("state");
  if (form.elements.owner) keys.o = () => reach("owner");

  form.addEventListener("change", tell);
  document.addEventListener("keydown", (event) => {
    const field = event.target.closest("input:not([type=checkbox]), textarea, select");
    if (field && event.key === "Escape") {
      goTo(rows.find((row) => boxOf(row).checked) ?? rows[0]);
    } else if (field?.dataset.then && event.key === "Enter") {
      event.preventDefault();
      form.querySelector(`button[value="${field.dataset.then}"]`).click();
    } else if (!field && toggle.checked && !event.ctrlKey && !event.metaKey && !event.altKey && keys[event.key]) {
      // Enter on a link, a button or a box does what it always does.
      if (event.key === "Enter" && !event.target.matches(".pick")) return;
      event.preventDefault();
      keys[event.key]();
    }
  });
  tell();
  // One comes back to the row that was opened.
  const opened = form.querySelector(".pick.here");
  if (opened && !location.hash) goTo(opened);
}
