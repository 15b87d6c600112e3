// Narrows a list as one types: `data-entries` names what is shown or hidden, `data-parts` what goes with its last entry.
// A classic script in a block, not a module: browsers refuse modules to pages opened from a disk.
{
  const field = document.getElementById("filter");
  // Letters without their marks, so that "resume" finds "résumé"; the same folding on both sides.
  const fold = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f\u064b-\u0652]/g, "").toLowerCase();
  const entries = [...document.querySelectorAll(field.dataset.entries)].map((node) => [node, fold(node.textContent)]);
  const parts = [...document.querySelectorAll(field.dataset.parts)];
  const output = document.querySelector("output[for=filter]");
  const narrow = () => {
    const words = fold(field.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const [node, text] of entries) {
      node.hidden = !words.every((word) => text.includes(word));
      shown += !node.hidden;
    }
    for (const part of parts) {
      part.hidden = words.length > 0 && !part.querySelector(`:is(${field.dataset.entries}):not([hidden])`);
    }
    output.textContent = words.length ? (shown ? `${shown} / ${entries.length}` : output.dataset.none) : "";
  };
  field.addEventListener("input", narrow);
  narrow();
}
