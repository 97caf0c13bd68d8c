// Puts the chat into somebody else's page, as a button that opens it or in place. Their policy has
// to allow our script and frame, no more. ASCII only, as their encoding may be any.
"use strict";

(() => {
  const TEXTS = {
    de: ["Fragen an Clusterlotse", "Schlie\u00dfen"],
    en: ["Ask Clusterlotse", "Close"],
    fr: ["Poser une question \u00e0 Clusterlotse", "Fermer"],
  };
  const SPEECH = "M5 3h14a3 3 0 0 1 3 3v9a3 3 0 0 1-3 3h-6l-5 4v-4H5a3 3 0 0 1-3-3V6a3 3 0 0 1 3-3zm7 2.5-2.2 5 2.2 5 2.2-5z";
  const CROSS = "m6 4.6 6 6 6-6L19.4 6l-6 6 6 6-1.4 1.4-6-6-6 6L4.6 18l6-6-6-6z";
  const FULL = "(max-width: 35em), (max-height: 28em)";

  const script = document.currentScript;
  const wish = script.dataset;
  const base = new URL(".", script.src);
  const oneOf = (name, ...known) => {
    const wanted = wish[name];
    if (!wanted || known.includes(wanted)) return wanted || known[0];
    console.warn(`Clusterlotse: data-${name}="${wanted}" is none of ${known}.`);
    return known[0];
  };
  const page = document.documentElement;
  const spoken = page.lang.toLowerCase().split("-")[0];
  const lang = [wish.lang, spoken].find((each) => Object.hasOwn(TEXTS, each)) ?? "de";
  // What the page around says of its colours comes before what the system says.
  const [around] = getComputedStyle(page).colorScheme.match(/^(light|dark)$/) ?? ["auto"];
  const asked = oneOf("theme", "auto", "light", "dark");
  const theme = asked === "auto" ? around : asked;
  const side = oneOf("position", "right", "left");
  const title = wish.title?.trim() || TEXTS[lang][0];

  // In em, since their page decides what a rem is. Colours are AA on their grounds.
  const STYLE = `
:host { all: initial !important; display: block !important; direction: ltr !important; }
.box {
  --ground: light-dark(#fff, #18232a); --line: light-dark(#b9c8ce, #4d626c);
  --ink: light-dark(#16242b, #e7eef1); --accent: light-dark(#0b5a73, #7cc9e2);
  --on-accent: light-dark(#fff, #06222d);
  color: var(--ink); color-scheme: light dark; font: medium/1.4 system-ui, sans-serif;
}
.light { color-scheme: light; }
.dark { color-scheme: dark; }
iframe { display: block; flex: 1; width: 100%; border: 0; background: var(--ground); }`;
  const INLINE = `${STYLE}
.box { position: relative; margin: 1em 0; }
iframe {
  width: calc(100% - 2px); height: min(80vh, 45em); max-height: 50000px;
  border: 1px solid var(--line); border-radius: .75em;
}
.spot { position: absolute; scroll-margin: 5em 0 40vh; }`;
  const BUBBLE = `${STYLE}
:host { position: fixed !important; z-index: 2147483000 !important; }
.opener, #panel {
  position: fixed; right: 1.25em; bottom: 1.25em; box-sizing: border-box; max-width: 27em;
  box-shadow: 0 6px 30px rgb(16 40 50 / 35%);
}
.left > * { right: auto; left: 1.25em; }
button { border: 2px solid transparent; font: inherit; cursor: pointer; }
svg { flex: none; width: 1.5em; fill: currentColor; fill-rule: evenodd; }
.opener {
  display: flex; align-items: center; gap: .6em; min-height: 3.5em; padding: .5em 1.4em .5em 1.1em;
  border-color: var(--on-accent); border-radius: 1.75em; background: var(--accent);
  color: var(--on-accent); font-weight: 600;
}
.open .opener, #panel { visibility: hidden; }
.open #panel { visibility: visible; }
#panel {
  display: flex; flex-direction: column; width: 100%; height: min(46em, 100% - 2.5em); overflow: hidden;
  border: 1px solid var(--line); border-radius: 1em; background: var(--ground);
}
.header { display: flex; align-items: center; gap: .6em; padding: .2em .2em .2em 1em; border-bottom: 1px solid var(--line); }
h2 { flex: 1; margin: 0; font-size: 1em; overflow-wrap: anywhere; }
.closer { padding: .6em; border-radius: .75em; background: none; color: inherit; line-height: 0; }
button:hover { filter: brightness(1.15); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: -3px; }
.opener:focus-visible { outline-color: var(--ink); outline-offset: 2px; box-shadow: 0 0 0 7px var(--ground); }
@media ${FULL} {
  .box #panel { inset: 0; width: auto; max-width: none; height: auto; border: 0; border-radius: 0; }
}
@media (max-width: 35em) { .opener { padding: .9em; } span { display: none; } }
@media (prefers-reduced-motion: no-preference) { .open #panel { animation: rise .2s; } }
@keyframes rise { from { opacity: 0; transform: translateY(1em); } }
@media print { .box { display: none; } }`;

  const make = (name, attributes, ...children) => {
    const space = ["svg", "path"].includes(name) ? "2000/svg" : "1999/xhtml";
    const element = document.createElementNS(`http://www.w3.org/${space}`, name);
    for (const each of Object.entries(attributes)) element.setAttribute(...each);
    element.append(...children);
    return element;
  };
  const icon = (d) => make("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, make("path", { d }));

  const enclosed = (name, style, box) => {
    const host = make(name, { lang });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    host.attachShadow({ mode: "open" }).append(box);
    host.shadowRoot.adoptedStyleSheets = [sheet];
    return host;
  };

  // What lasts while the reader goes from page to page in this tab, if the browser allows it.
  const kept = (name, value) => {
    try {
      const key = `clusterlotse ${base} ${name}`;
      if (value !== undefined) sessionStorage.setItem(key, value);
      return sessionStorage.getItem(key);
    } catch {
      return null;
    }
  };

  const isToken = (token) => typeof token === "string" && /^[\w-]{10,64}$/.test(token);
  const isLength = (length) => Number.isFinite(length) && length >= 0;

  // The chat in its frame. What comes from another window or origin is not heard.
  const frameOf = (grows, heard) => {
    const conversation = kept("conversation");
    const src = new URL("embed", base);
    src.search = new URLSearchParams({ lang, theme, ...(isToken(conversation) && { conversation }) });
    const frame = make("iframe", { src, title, allow: "clipboard-write" });
    const tell = (clusterlotse, more) =>
      frame.contentWindow?.postMessage({ clusterlotse, ...more }, base.origin);
    frame.addEventListener("load", () => {
      tell("hello", { grows });
      heard.load();
    });
    addEventListener("message", ({ data, origin, source }) => {
      if (!source || source !== frame.contentWindow || origin !== base.origin) return;
      const { clusterlotse: what, height, token, top } = Object(data);
      if (what === "conversation" && isToken(token)) kept(what, token);
      if (what === "escape") heard.escape?.();
      if (what === "height" && isLength(height)) heard.height?.(height);
      if (what === "show" && isLength(top)) heard.show?.(top);
    });
    return { frame, tell };
  };

  const bubble = () => {
    if (document.querySelector("clusterlotse-bubble")) return;
    const opener = make(
      "button",
      { class: "opener", "aria-label": title, "aria-haspopup": "dialog", "aria-controls": "panel" },
      icon(SPEECH),
      make("span", {}, title),
    );
    const closer = make("button", { class: "closer", "aria-label": TEXTS[lang][1] }, icon(CROSS));
    const header = make("div", { class: "header" }, make("h2", {}, title), closer);
    const panel = make("div", { id: "panel", role: "dialog", "aria-label": title, tabindex: -1 }, header);
    const box = make("div", { class: `box ${theme} ${side}` }, opener, panel);
    const host = enclosed("clusterlotse-bubble", BUBBLE, box);
    const full = matchMedia(FULL);
    let chat;
    let loaded = false;

    const isOpen = () => box.classList.contains("open");
    const enter = () => {
      if (!loaded) return panel.focus();
      chat.frame.focus();
      chat.tell("focus");
    };
    const load = () => {
      loaded = true;
      if (host.shadowRoot.activeElement === panel) enter();
    };
    const turn = (open) => {
      box.classList.toggle("open", open);
      opener.setAttribute("aria-expanded", open);
      kept("open", open);
      if (!open || chat) return;
      chat = frameOf(false, { escape, load });
      panel.append(chat.frame);
    };
    const escape = () => {
      if (!isOpen()) return;
      turn(false);
      opener.focus();
    };

    opener.addEventListener("click", () => {
      turn(true);
      enter();
    });
    closer.addEventListener("click", escape);
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !isOpen()) return;
      event.preventDefault();
      event.stopPropagation();
      escape();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented && event.target !== host) escape();
    });
    // Behind a panel that fills the screen, nobody could see where the focus is.
    document.addEventListener("focusin", ({ target }) => {
      if (isOpen() && full.matches && target !== host) turn(false);
    });
    document.body.append(host);
    // Unless it would hide the page that somebody has just gone to.
    turn(kept("open") === "true" && !full.matches);
  };

  const inline = () => {
    const spot = make("div", { class: "spot" });
    // Only the reader of the chat wants the page to move.
    const show = (top) => {
      if (host.shadowRoot.activeElement !== frame) return;
      spot.style.top = `${Math.min(top, frame.offsetHeight)}px`;
      spot.scrollIntoView({ block: "nearest" });
    };
    let loads = 0;
    let timer;
    const height = (pixels) => {
      clearTimeout(timer);
      frame.style.height = `${pixels}px`;
    };
    const load = () => {
      clearTimeout(timer);
      // A page that tells its height has done so by then.
      timer = setTimeout(() => (frame.style.height = ""), 300);
      // Wherever the last page in the frame was left, the next one begins at its top.
      if (loads++) show(0);
    };
    const { frame } = frameOf(true, { height, load, show });
    frame.style.height = "20em";
    const box = make("div", { class: `box ${theme}` }, frame, spot);
    const host = enclosed("clusterlotse-inline", INLINE, box);
    const target = document.getElementById(wish.target?.replace("#", ""));
    if (target) target.append(host);
    else if (document.body.contains(script)) script.after(host);
    else document.body.append(host);
  };

  const start = oneOf("mode", "bubble", "inline") === "inline" ? inline : bubble;
  const inPlace = start === inline && !wish.target && document.body?.contains(script);
  if (document.readyState !== "loading" || inPlace) start();
  else document.addEventListener("DOMContentLoaded", start);
})();
