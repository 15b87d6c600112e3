// What a page does beyond what its HTML does alone: close open menus, and mark in the rail what one is reading.
// A classic script in a block, not a module: browsers refuse modules to pages opened from a disk.
{
  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll(".menu[open]")) if (menu !== except) menu.open = false;
  };
  document.addEventListener("click", (event) => closeMenus(event.target.closest(".menu")));
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest(".menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  const links = new Map();
  for (const link of document.querySelectorAll(".rail a[href^='#']")) {
    const place = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (place) links.set(place, link);
  }
  if (links.size > 1) {
    const strip = document.querySelector(".rail");
    let current = null;
    const mark = () => {
      let reached = null;
      for (const place of links.keys()) if (place.getBoundingClientRect().top < innerHeight / 3) reached = place;
      const link = links.get(reached);
      if (link === current) return;
      current?.removeAttribute("aria-current");
      link?.setAttribute("aria-current", "true");
      current = link;
      if (link && strip.scrollWidth > strip.clientWidth) {
        const offset = link.getBoundingClientRect().left - strip.getBoundingClientRect().left;
        strip.scrollBy({ left: offset - strip.clientWidth / 3, behavior: "instant" });
      }
    };
    let waiting = false;
    const later = () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        mark();
      });
    };
    document.addEventListener("scroll", later, { passive: true });
    addEventListener("resize", later);
    mark();
  }
}
