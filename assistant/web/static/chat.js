// What Gradio's page lacks: its language, its title, names and announcements for those who hear
// it, and the place where the reader is. Everything works without this file, but less well.
"use strict";

(() => {
  const address = new URL(location.href);
  // Gradio would show its API documentation or its settings, which are not part of this page.
  if (address.searchParams.has("view")) {
    address.searchParams.delete("view");
    history.replaceState(null, "", address);
  }

  const find = (selector) => document.querySelector(selector);
  const set = (element, name, value) => {
    if (element && value && element.getAttribute(name) !== value) element.setAttribute(name, value);
  };
  let language = document.documentElement.lang;
  let lastTurn = "";
  let lastAnswered = "";
  let seen = false;

  // The name of the application carries the language that the server shows the page in.
  const followLanguage = () => {
    const shown = find("#brand .name")?.lang;
    if (shown && shown !== language) {
      language = shown;
      address.searchParams.set("lang", shown);
      history.replaceState(null, "", address);
    }
    // Gradio sets the browser's language, whatever the page is in.
    set(document.documentElement, "lang", language);
    const title = ["Clusterlotse", find("#brand .tagline")?.textContent].filter(Boolean).join(" – ");
    if (document.title !== title) document.title = title;
  };

  const nameParts = () => {
    set(find("#status"), "role", "status");
    // Gradio gives each choice a group of its own: arrow keys would not lead from one to the next.
    const choices = find("#language");
    set(choices, "aria-label", choices?.querySelector("[data-testid=block-info]")?.textContent.trim());
    choices?.querySelectorAll("input").forEach((input) => {
      set(input, "name", "language");
      set(input.closest("label"), "lang", input.value);
    });
    set(find("#hint"), "role", "alert");
    set(find("#footnote"), "role", "status");
    const box = find("#question textarea");
    set(box, "aria-describedby", "hint footnote");
    set(box, "enterkeyhint", "send");
    // On a touch screen, and inside another page, the focus is the reader's to give.
    if (box && !seen && top === self && matchMedia("(pointer: fine)").matches) box.focus();
    seen ||= Boolean(box);
  };

  // Gradio says in English only that something is wrong; the page says it in its own language.
  const followConnection = () => {
    const broken = Boolean(find(".toast-wrap .error"));
    document.documentElement.toggleAttribute("data-offline", broken);
  };

  // The welcome above the first question goes a moment later, and what is below it moves up.
  const showTurn = (turn, isFirst) => {
    const calm = isFirst || matchMedia("(prefers-reduced-motion: reduce)").matches;
    const show = () => {
      if (turn.isConnected) turn.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
    };
    show();
    if (!isFirst) return;
    const observer = new ResizeObserver(show);
    observer.observe(document.documentElement);
    setTimeout(() => observer.disconnect(), 1500);
  };

  const followConversation = () => {
    const turns = document.querySelectorAll("#log .turn");
    const turn = turns[turns.length - 1];
    const busy = Boolean(find("#log .searching"));
    const answered = busy || !turn ? "" : turn.id;
    if (turn && turn.id !== lastTurn) {
      showTurn(turn, !lastTurn);
    }
    lastTurn = turn ? turn.id : "";
    // A disabled button and a vanished example lose the focus, though not at once; give it to the
    // next question.
    const focused = document.activeElement;
    const lost = !focused || focused === document.body || focused.matches("#send, .example");
    if (answered && answered !== lastAnswered && lost) {
      find("#question textarea")?.focus({ preventScroll: true });
    }
    lastAnswered = answered;
  };

  const follow = () => {
    followLanguage();
    nameParts();
    followConnection();
    followConversation();
  };

  // While a word is being composed (accents, other scripts), Enter ends the word, not the question.
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Enter" && event.isComposing) event.stopPropagation();
    },
    true,
  );
  document.addEventListener("DOMContentLoaded", () => {
    new MutationObserver(follow).observe(document.documentElement, {
      attributes: true,
      attributeFilter: ["lang"],
      characterData: true,
      childList: true,
      subtree: true,
    });
    follow();
  });
})();
