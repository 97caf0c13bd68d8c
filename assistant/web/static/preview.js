// What stands behind the number of a source, shown where somebody points at it or has the focus on it.
"use strict";

(() => {
  const PAUSE = 250; // milliseconds, so that a pointer can go from the number to what it shows
  const MARGIN = 8; // pixels
  let shown = null; // the number
  let box = null;
  let timer;

  const make = (...given) => window.clusterlotse.make(...given);

  // All of it is in the page already: the card of the source, and the quote in the answer.
  const contentOf = (marker) => {
    const number = marker.textContent.match(/\[(\d+)\]/)?.[1];
    const cited = [...marker.closest(".turn").querySelectorAll(".cited")].find(
      (item) => item.querySelector(".number").textContent === number,
    );
    if (!cited) return null;
    const card = cited.closest(".card");
    const quote = (cited.querySelector(".quote, .quoted") ?? marker.closest(".said"))?.cloneNode(true);
    if (!quote) return null;
    quote.querySelectorAll(".marker, [id]").forEach((part) => part.remove());
    quote.removeAttribute("hidden");
    quote.className = "quote";
    const facts = make("p", { className: "facts" });
    const place = cited.querySelector(".to-file")?.firstChild?.textContent;
    facts.textContent = [card.querySelector(".date")?.textContent, place].filter(Boolean).join(" · ");
    return [card.querySelector(".title").cloneNode(true), quote, facts];
  };

  const hide = () => {
    clearTimeout(timer);
    shown?.removeAttribute("aria-describedby");
    box?.remove();
    box = shown = null;
  };
  const hideSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(hide, PAUSE);
  };

  const show = (marker, below = false) => {
    clearTimeout(timer);
    if (marker === shown) return;
    hide();
    const content = contentOf(marker);
    if (!content) return;
    shown = marker;
    box = make("div", { id: "preview", className: below ? "preview below" : "preview" }, ...content);
    if (below) {
      const link = marker.closest(".turn").querySelector(`.to-source[href="${CSS.escape(marker.getAttribute("href"))}"]`);
      const words = (link ?? marker).textContent;
      box.append(make("p", {}, make("a", { href: marker.href, rel: "opener", target: marker.target }, words)));
    } else {
      box.setAttribute("role", "tooltip");
      marker.setAttribute("aria-describedby", "preview");
      box.addEventListener("pointerenter", () => clearTimeout(timer));
      box.addEventListener("pointerleave", hideSoon);
    }
    document.body.append(box);
    if (!below) place(marker.getBoundingClientRect());
  };

  const place = (at) => {
    const { offsetWidth: width, offsetHeight: height } = box;
    const under = at.bottom + MARGIN;
    const fits = under + height < innerHeight || at.top < height + MARGIN;
    const left = Math.max(MARGIN, Math.min(at.left, innerWidth - width - MARGIN));
    box.style.left = `${left + scrollX}px`;
    box.style.top = `${(fits ? under : at.top - height - MARGIN) + scrollY}px`;
  };

  const markerOf = (target) => target.closest?.("#log a.marker");
  let touched = false;
  document.addEventListener("pointerdown", ({ pointerType, target }) => {
    touched = pointerType === "touch";
    if (box && !box.contains(target) && !markerOf(target)) hide();
  });
  document.addEventListener("pointerover", ({ pointerType, target }) => {
    const marker = markerOf(target);
    if (marker && pointerType === "mouse") show(marker);
  });
  document.addEventListener("pointerout", ({ pointerType, target }) => {
    if (markerOf(target) && pointerType === "mouse") hideSoon();
  });
  document.addEventListener("focusin", ({ target }) => {
    const marker = markerOf(target);
    if (marker && !touched) show(marker);
    else if (!box?.contains(target)) hide();
  });
  document.addEventListener(
    "click",
    (event) => {
      const marker = markerOf(event.target);
      if (!marker || !touched || marker === shown) return;
      show(marker, true);
      if (box) event.preventDefault(); // the next touch follows the link
    },
    true,
  );
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || !box) return;
      event.preventDefault(); // the panel around stays open
      hide();
    },
    true,
  );
})();
