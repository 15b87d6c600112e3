// On the lineage map, lights the ribbons that lead back from a box and on from it while it is pointed at or focused.
// A classic script in a block, not a module: browsers refuse modules to pages opened from a disk.
{
  const map = document.querySelector(".map svg");
  const ribbons = map ? [...map.querySelectorAll(".ribbon")] : [];
  // Going back never turns onward, and the reverse: siblings are not kin.
  const follow = (start, near, far) => {
    const reached = new Set([start]);
    const lit = [];
    for (const id of reached) {
      for (const ribbon of ribbons) {
        if (ribbon.dataset[near] !== id) continue;
        lit.push(ribbon);
        reached.add(ribbon.dataset[far]);
      }
    }
    return lit;
  };
  const light = (event) => {
    const box = event.target.closest?.("[data-node]");
    const lit = new Set(box ? [...follow(box.dataset.node, "to", "from"), ...follow(box.dataset.node, "from", "to")] : []);
    for (const ribbon of ribbons) ribbon.classList.toggle("lit", lit.has(ribbon));
  };
  for (const name of ["pointerover", "focusin", "focusout", "pointerleave"]) map?.addEventListener(name, light);
}
