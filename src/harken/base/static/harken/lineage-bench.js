// The benches for lineage and links by keyboard: j and k move through the list, a and r go to the reason, where Enter
// accepts or rejects. Everything works without this file; the box beside the keys turns the single letters off (WCAG
// 2.1.4).

const list = document.querySelector(".edges[data-decided]");
const hint = document.querySelector(".keys");

if (list && hint) {
  const toggle = hint.querySelector("input");
  const remembered = "harken-bench-keys";
  hint.hidden = false;
  toggle.checked = localStorage.getItem(remembered) !== "off";
  toggle.addEventListener("change", () => localStorage.setItem(remembered, toggle.checked ? "on" : "off"));

  const rows = () => [...list.querySelectorAll(".edge")];
  const rowOf = (element) => element?.closest?.(".edge") ?? null;

  const goTo = (row) => {
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
  };

  const step = (by) => {
    const all = rows();
    const here = all.indexOf(rowOf(document.activeElement));
    goTo(all[here < 0 ? 0 : Math.min(all.length - 1, Math.max(0, here + by))]);
  };

  const say = (state) => {
    const row = rowOf(document.activeElement) ?? rows()[0];
    const reason = row?.querySelector("input[name=reason]");
    if (!reason) return;
    row.querySelector("details.decision").open = true;
    reason.form.dataset.entered = state;
    reason.focus();
  };

  const keys = { j: () => step(1), k: () => step(-1), a: () => say("accepted"), r: () => say("rejected") };

  document.addEventListener("keydown", (event) => {
    const field = event.target.closest("input, textarea, select");
    if (field && event.key === "Escape" && rowOf(field)) {
      goTo(rowOf(field));
    } else if (field?.name === "reason" && event.key === "Enter" && field.form.dataset.entered) {
      event.preventDefault();
      // A click, not requestSubmit: by the click htmx knows which button it was.
      field.form.querySelector(`button[value="${field.form.dataset.entered}"]`).click();
    } else if (!field && toggle.checked && !event.ctrlKey && !event.metaKey && !event.altKey && keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
    }
  });

  // After a decision the row stands in its new state, and the next one that waits has the focus.
  document.body.addEventListener("htmx:afterSwap", () => {
    const refused = list.querySelector(".errorlist + input");
    if (refused) {
      refused.focus();
      return;
    }
    const last = rows()[Number(list.dataset.last)];
    const next = last && rows().slice(rows().indexOf(last) + 1).find((row) => row.matches(".proposed"));
    goTo(next ?? last);
    document.getElementById("said").textContent = list.dataset.decided;
  });
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    // By its place: a decision may put another row there.
    list.dataset.last = rows().indexOf(rowOf(event.target));
  });
}
