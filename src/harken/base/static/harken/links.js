// On the drawing of links, lights the lines and neighbours of the box one points at or focuses, and tells them in words.
// A classic script in a block, not a module: browsers refuse modules to pages opened from a disk.
{
  const map = document.querySelector(".links-map svg");
  const caption = document.querySelector(".caption");
  const lines = map ? [...map.querySelectorAll(".link")] : [];
  const boxes = new Map(map ? [...map.querySelectorAll("[data-node]")].map((box) => [box.dataset.node, box]) : []);
  const mostTold = 6;
  // The browser's own tooltip would say the title a second time.
  const titles = new Map([...boxes.values()].map((box) => [box, box.title]));
  for (const box of boxes.values()) box.removeAttribute("title");

  const tell = (box, lit) => {
    const head = document.createElement("b");
    const name = document.createElement("bdi");
    head.textContent = `${box.querySelector("b").textContent} `;
    const written = box.querySelector(".name-of");
    name.lang = written.lang;
    name.dir = written.dir;
    name.textContent = titles.get(box);
    const told = lit.slice(0, mostTold).map((line) => {
      const part = document.createElement("span");
      part.dir = "auto";
      part.textContent = line.querySelector("title").textContent;
      return part;
    });
    caption.replaceChildren(head, name, ...told);
  };
  const light = (event) => {
    const box = event.target.closest?.("[data-node]");
    const id = box?.dataset.node;
    const lit = id ? lines.filter((line) => line.dataset.from === id || line.dataset.to === id) : [];
    for (const line of lines) line.classList.toggle("lit", lit.includes(line));
    const near = new Set(lit.flatMap((line) => [line.dataset.from, line.dataset.to]));
    for (const [key, other] of boxes) other.classList.toggle("near", near.has(key));
    if (box) tell(box, lit);
  };
  if (map) {
    caption.hidden = false;
    caption.setAttribute("aria-hidden", "true");
    for (const name of ["pointerover", "focusin", "focusout", "pointerleave"]) map.addEventListener(name, light);
  }
}
