// In our pages that stand in a frame of another page: what they and embed.js, which made the frame,
// tell each other. Only a page that may embed us is heard, and only it is told anything.
"use strict";

(() => {
  if (parent === window) return;

  const ORIGIN = /^(https?):\/\/(\*\.)?(\[[\d.:a-f]+\]|[^\s/:[\]]+)(?::(\d+|\*))?$/;
  const PORTS = { http: "80", https: "443" };
  const TRIES = 50;
  const PAUSE = 100; // milliseconds

  const parts = (origin) => ORIGIN.exec(origin.toLowerCase())?.slice(1);
  const { ancestors = "" } = document.currentScript.dataset;
  const allowed = ancestors.split(/\s+/).map(parts).filter(Boolean);

  // As the browser itself compares them: https is allowed where http is, and without a port only
  // the usual one (CSP 3, "Does url match expression in origin").
  const matches = ([scheme, below, host, port], page) => {
    const [pageScheme, , pageHost, pagePort = PORTS[pageScheme]] = page;
    return (
      (pageScheme === scheme || (pageScheme === "https" && scheme === "http")) &&
      (below ? pageHost.endsWith(`.${host}`) : pageHost === host) &&
      (port === "*" || pagePort === (port ?? PORTS[pageScheme]))
    );
  };
  const isAllowed = (origin) => {
    if (origin === location.origin) return true;
    const page = parts(origin);
    return Boolean(page) && allowed.some((each) => matches(each, page));
  };

  let host; // the origin of the page around this one, once it has said hello
  let told; // the height in pixels that it knows

  const tell = (what, more) => {
    if (host) parent.postMessage({ clusterlotse: what, ...more }, host);
  };

  const tellConversation = () => {
    const token = document.documentElement.dataset.conversation;
    if (token) tell("conversation", { token });
  };

  const tellHeight = () => {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    if (!height || height === told) return;
    told = height;
    tell("height", { height });
  };

  // The chat draws late, so what is looked for may be there only in a while.
  const keepTrying = (attempt, tries = TRIES) => {
    if (!attempt() && tries) setTimeout(keepTrying, PAUSE, attempt, tries - 1);
  };

  // In a frame as high as its page it is the page around it that scrolls, and no browser lets us
  // scroll that. So what is to be seen has to be told.
  const show = (element) => {
    tellHeight();
    tell("show", { top: Math.max(0, element.getBoundingClientRect().top + scrollY) });
  };

  const showTarget = (hash) =>
    keepTrying(() => {
      const target = document.getElementById(hash.slice(1));
      if (target) show(target);
      return Boolean(target);
    });

  const followLinks = ({ target }) => {
    const link = target.closest("a[href*='#']");
    const here = location.href.replace(/#.*/, "");
    if (link?.hash && link.href === here + link.hash) showTarget(link.hash);
  };

  // In the middle of a frame that is higher than the screen, a dialog would not be seen: it opens
  // above what has been clicked.
  let clicked = 0; // pixels
  const placeDialogs = ({ target, type }) => {
    const dialog = target.closest("dialog");
    if (type === "click" && !dialog) clicked = target.getBoundingClientRect().bottom;
    if (!dialog || dialog.style.top) return;
    const top = Math.max(0, Math.min(clicked, innerHeight) - dialog.offsetHeight);
    Object.assign(dialog.style, { top: `${top}px`, bottom: "auto", marginBlock: "0" });
    show(dialog);
  };

  const grow = () => {
    if ("grows" in document.documentElement.dataset) return;
    document.documentElement.dataset.grows = "";
    new ResizeObserver(tellHeight).observe(document.body);
    addEventListener("clusterlotse:show", (event) => {
      event.preventDefault();
      show(event.target);
    });
    document.body.addEventListener("click", followLinks);
    document.body.addEventListener("click", placeDialogs, true);
    document.body.addEventListener("focusin", placeDialogs);
    if (location.hash) showTarget(location.hash);
  };

  // Once the page around has given the frame the focus, and while it has not taken it back. On a
  // touch screen, a box with the focus would bring up a keyboard that hides half the chat.
  const takeFocus = () => {
    const typing = !matchMedia("(pointer: coarse)").matches;
    keepTrying(() => {
      const box = document.querySelector("[autofocus], #question textarea");
      const draws = !box && document.querySelector("gradio-app");
      if (draws || !document.hasFocus()) return false;
      const place = (typing && box) || document.querySelector("main") || document.body;
      if (place !== box && !place.hasAttribute("tabindex")) place.tabIndex = -1;
      place.focus();
      return document.activeElement === place;
    });
  };

  addEventListener("message", ({ data, origin, source }) => {
    if (source !== parent || !isAllowed(origin)) return;
    const { clusterlotse: what, grows } = Object(data);
    if (what === "hello") {
      host = origin;
      told = undefined;
      tellConversation();
      if (grows === true) grow();
    }
    if (what === "focus" && origin === host) takeFocus();
  });

  addEventListener("keydown", (event) => {
    const isFree = !event.defaultPrevented && !event.isComposing;
    if (event.key === "Escape" && isFree && !document.querySelector("dialog[open]")) tell("escape");
  });

  new MutationObserver(tellConversation).observe(document.documentElement, {
    attributeFilter: ["data-conversation"],
  });
})();
