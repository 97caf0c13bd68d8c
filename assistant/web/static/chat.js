// What Gradio's page lacks: its language, names and announcements for those who hear it, the place
// where the reader is, and what the buttons below an answer do.
"use strict";

(() => {
  const page = document.documentElement;
  const embedded = page.hasAttribute("data-embedded");
  const find = (selector) => document.querySelector(selector);
  const set = (element, name, value) => {
    if (element && value && element.getAttribute(name) !== value) element.setAttribute(name, value);
  };

  // Before Gradio starts: our address in its words, our place in its configuration

  const address = new URL(location.href);
  const search = address.searchParams;
  const readdress = () => history.replaceState(history.state, "", address);
  const TAB = "clusterlotse-conversation";
  const tab = {
    get conversation() {
      try {
        return sessionStorage.getItem(TAB) ?? "";
      } catch {
        return ""; // the browser forbids it; then the conversation ends with the page
      }
    },
    set conversation(token) {
      try {
        sessionStorage.setItem(TAB, token);
      } catch {}
    },
  };

  search.delete("view"); // Gradio would show its API documentation or its settings
  if (embedded) search.set("embedded", "1");
  else if (tab.conversation) search.set("conversation", tab.conversation);
  // The colours that somebody has chosen last; in a frame, they are for the page around to choose.
  const THEME = "clusterlotse-theme";
  const chosen = (theme) => {
    try {
      if (theme) localStorage.setItem(THEME, theme);
      return localStorage.getItem(THEME);
    } catch {
      return theme;
    }
  };
  if (!embedded) {
    const theme = chosen(search.get("theme"));
    if (["auto", "light", "dark"].includes(theme)) {
      page.dataset.theme = theme;
      search.set("theme", theme);
    }
  }
  if (page.dataset.theme !== "auto") search.set("__theme", page.dataset.theme);
  readdress();
  // Where the browser has found the page is where everything else is, whatever proxies say.
  window.gradio_config.root = new URL(".", location.href).href.replace(/\/$/, "");

  // Following what Gradio draws

  let language = page.lang;
  let conversation = "";
  let lastTurn = "";
  let lastAnswered = "";
  let seen = false;

  // The name of the application carries the language and the conversation that are shown.
  const followBrand = () => {
    const shown = find("#brand .name")?.lang;
    if (shown && shown !== language) {
      language = shown;
      announcements.textContent = "";
      search.set("lang", shown);
      readdress();
    }
    // Gradio sets the browser's language, whatever the page is in.
    set(page, "lang", language);
    const title = [find("#brand .name")?.textContent, find("#brand .tagline")?.textContent].filter(Boolean).join(" – ");
    if (document.title !== title) document.title = title;
    const token = find("#brand .brand")?.id.replace("conversation-", "");
    if (token && token !== conversation) keepConversation(token);
  };

  const keepConversation = (token) => {
    conversation = token;
    if (embedded) {
      page.dataset.conversation = token; // which frame.js tells the page around
      search.set("conversation", token);
    } else {
      tab.conversation = token;
      search.delete("conversation");
    }
    readdress();
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
    set(find("#offline"), "role", "status");
    set(find("#log"), "role", "region");
    set(find("#log"), "aria-label", say("log_label"));
    set(find("#composer"), "role", "search");
    set(find("#composer"), "aria-label", say("question_label"));
    document.querySelectorAll("#log .question").forEach((question) => set(question, "tabindex", "-1"));
    nameSkips();
    set(find("#footnote .pages"), "aria-label", say("pages_label"));
    set(find("#footnote .themes"), "aria-label", say("theme_label"));
    document.querySelectorAll("#footnote .themes a").forEach((link) => {
      if (link.matches(`.${page.dataset.theme}`)) set(link, "aria-current", "true");
    });
    const box = find("#question textarea:enabled");
    set(box, "aria-describedby", "hint keys");
    set(box, "enterkeyhint", "send");
    document.querySelectorAll("#log .rate").forEach((button) => {
      set(button, "aria-pressed", String(button.classList.contains("chosen")));
    });
    // In the frame there is a way back; Gradio would open a new tab for every link.
    // In a tab of its own, the source's way back leads here: so that tab gets to know what this one does.
    const [name, value] = embedded ? ["target", "_self"] : ["rel", "opener"];
    document.querySelectorAll("#log a[href^='sources/']").forEach((link) => set(link, name, value));
    // On a touch screen, and inside another page, the focus is the reader's to give.
    if (box && !seen && top === self && matchMedia("(pointer: fine)").matches) box.focus();
    seen ||= Boolean(box);
  };

  // Gradio says in English only that something is wrong; the page says it in its own language.
  const followConnection = () => {
    page.toggleAttribute("data-offline", Boolean(find(".toast-wrap .error")));
  };

  // The welcome above the first question goes a moment later, and what is below it moves up.
  const showTurn = (turn, isFirst) => {
    const calm = isFirst || matchMedia("(prefers-reduced-motion: reduce)").matches;
    const show = () => {
      if (!turn.isConnected) return;
      // Where the frame is as high as its page, frame.js has the page around scroll.
      const shown = new CustomEvent("clusterlotse:show", { bubbles: true, cancelable: true });
      if (!turn.dispatchEvent(shown)) return;
      turn.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
    };
    show();
    if (!isFirst) return;
    const observer = new ResizeObserver(show);
    observer.observe(page);
    setTimeout(() => observer.disconnect(), 1500);
  };

  const followConversation = () => {
    const turns = document.querySelectorAll("#log .turn");
    const turn = turns[turns.length - 1];
    const busy = Boolean(find("#log .searching"));
    const answered = busy || !turn ? "" : turn.id;
    if (turn && turn.id !== lastTurn) showTurn(turn, !lastTurn);
    lastTurn = turn ? turn.id : "";
    // A button that vanishes loses the focus, though not at once; give it to the next question,
    // unless the reader is in the page around.
    const focused = document.activeElement;
    const lost = !focused || focused === document.body || focused.matches("#send, #stop, .example");
    if (answered && answered !== lastAnswered && lost && (!embedded || document.hasFocus())) {
      find("#question textarea")?.focus({ preventScroll: true });
    }
    lastAnswered = answered;
  };

  // The question of an address is asked once, and not again when the page is loaded again.
  const askLinked = () => {
    const box = find("#question textarea:enabled");
    const question = search.get("q");
    if (!question || !box || !conversation) return;
    search.delete("q");
    readdress();
    submit(question);
  };

  const fill = (text) => {
    const box = find("#question textarea:enabled");
    box.value = text;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const submit = (question) => {
    fill(question);
    setTimeout(() => find("#send")?.click());
  };

  const follow = () => {
    followBrand();
    nameParts();
    followConnection();
    followConversation();
    askLinked();
  };

  // By keyboard: the first links of the page, and the keys that /about tells of

  const toBox = () => find("#question textarea")?.focus();
  const toQuestion = (question) => {
    question.focus({ preventScroll: true });
    question.scrollIntoView({ block: "start" });
  };
  const questions = () => [...document.querySelectorAll("#log .question")];
  const skips = [
    ["skip-question", () => say("skip_question"), toBox],
    ["skip-answer", () => say("skip_answer"), () => toQuestion(questions().pop())],
  ];
  const nameSkips = () => {
    if (!find(".skips")) {
      const links = skips.map(([id, , go]) => {
        const link = make("a", { id, href: "#composer" });
        link.addEventListener("click", (event) => {
          event.preventDefault();
          go();
        });
        return link;
      });
      document.body.prepend(make("div", { className: "skips" }, ...links));
    }
    skips.forEach(([id, words]) => {
      const link = find(`#${id}`);
      if (link.textContent !== words()) link.textContent = words();
    });
    find("#skip-answer").hidden = !questions().length;
  };
  document.addEventListener("keydown", (event) => {
    const { altKey, ctrlKey, shiftKey, code, key } = event;
    if (ctrlKey && shiftKey && code === "Comma") {
      event.preventDefault();
      toBox();
    }
    const step = { ArrowUp: -1, ArrowDown: 1 }[key];
    if (!altKey || ctrlKey || shiftKey || !step || !questions().length) return;
    event.preventDefault();
    const all = questions();
    const here = all.indexOf(document.activeElement?.closest?.(".turn")?.querySelector(".question"));
    const next = here < 0 ? all.length - (step < 0 ? 1 : 0) : here + step;
    if (all[next]) toQuestion(all[next]);
    else if (step > 0) toBox();
  });

  // The buttons below an answer

  const say = (name) => find(`#say-${name}`)?.textContent ?? "";
  const make = (name, properties, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };

  const announcements = make("div", { className: "unseen", role: "status" });
  const announce = (text) => {
    announcements.textContent = "";
    requestAnimationFrame(() => (announcements.textContent = text));
  };

  // Pages on plain HTTP, and frames without leave to do so, may not write to the clipboard.
  const copyBySelection = (text) => {
    const focused = document.activeElement;
    const box = make("textarea", { className: "unseen", value: text });
    document.body.append(box);
    box.select();
    const copied = document.execCommand("copy");
    box.remove();
    focused?.focus({ preventScroll: true });
    return copied;
  };
  const copied = async (text, html) => {
    try {
      const parts = { "text/plain": text, ...(html && { "text/html": html }) };
      const blobs = Object.entries(parts).map(([type, part]) => [type, new Blob([part], { type })]);
      await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
      return true;
    } catch {
      return copyBySelection(text);
    }
  };
  const copy = async (button, text, html) => {
    const words = say((await copied(text, html)) ? "copied" : "not_copied");
    announce(words);
    const label = button.querySelector(".label") ?? button;
    label.dataset.before ??= label.textContent;
    label.textContent = words;
    setTimeout(() => {
      label.textContent = label.dataset.before ?? label.textContent; // it may be pressed twice
      delete label.dataset.before;
    }, 2000);
  };

  // Behind its button, text stands in spans, and the address of a source is that of a link.
  const copyable = (button) =>
    [...button.nextElementSibling.children].map((part) => part.href ?? part.textContent).join("");

  // The same with its formatting, for Word and mails: what is shown, without what only the page needs.
  const formatted = (button) => {
    const turn = button.closest(".turn");
    const question = turn.querySelector(".searched span") ?? turn.querySelector(".words");
    const parts = [...turn.querySelectorAll(".reply > *")].map((part) => part.cloneNode(true));
    const all = make("div", {}, make("p", {}, make("strong", {}, question.textContent)), ...parts);
    all.querySelectorAll(".unseen, [hidden], .number").forEach((part) => part.remove());
    all.querySelectorAll("a").forEach((link) => link.setAttribute("href", link.href));
    all.querySelectorAll("mark").forEach((mark) => mark.replaceWith(make("strong", {}, ...mark.childNodes)));
    all.querySelectorAll("*").forEach((part) => {
      [...part.attributes].forEach(({ name }) => name === "href" || name === "lang" || part.removeAttribute(name));
    });
    return all.innerHTML;
  };

  const send = async (actions, helpful, comment) => {
    const turn = Number(actions.closest(".turn").id.replace("turn-", ""));
    const body = JSON.stringify({ conversation, turn, helpful, comment });
    const headers = { "Content-Type": "application/json" };
    try {
      const response = await fetch("rating", { method: "POST", headers, body });
      announce(say(response.ok ? "rated" : "not_rated"));
      return response.ok;
    } catch {
      announce(say("not_rated"));
      return false;
    }
  };

  const commentOf = (actions) => actions.querySelector(".comment + span");
  const keepComment = (actions, comment) => {
    commentOf(actions).textContent = comment;
    actions.querySelector(".comment .label").textContent = say(comment ? "comment_change" : "comment_add");
  };

  const rate = async (button) => {
    const actions = button.closest(".actions");
    const undone = button.classList.contains("chosen");
    const helpful = undone ? null : button.classList.contains("yes");
    if (!(await send(actions, helpful, undone ? "" : commentOf(actions).textContent))) return;
    actions.querySelectorAll(".rate").forEach((each) => {
      each.classList.toggle("chosen", each === button && !undone);
    });
    actions.querySelector(".comment").classList.toggle("unrated", undone);
    if (undone) keepComment(actions, "");
    nameParts();
  };

  const remark = async (button) => {
    const actions = button.closest(".actions");
    const comment = await askForComment(commentOf(actions).textContent);
    button.focus();
    if (comment === null) return;
    const helpful = actions.querySelector(".rate.chosen").classList.contains("yes");
    if (await send(actions, helpful, comment)) keepComment(actions, comment);
  };

  // Returns what was written, or null where the reader thought better of it.
  const askForComment = (before) =>
    new Promise((resolve) => {
      const box = make("textarea", { id: "remark", value: before, maxLength: 2000 });
      box.setAttribute("aria-describedby", "remark-help");
      const form = make(
        "form",
        { method: "dialog" },
        make("label", { htmlFor: "remark" }, say("comment_label")),
        make("p", { id: "remark-help" }, say("comment_help")),
        box,
        make(
          "div",
          { className: "buttons" },
          make("button", { value: "", type: "submit" }, say("cancel")),
          make("button", { value: "send", type: "submit" }, say("comment_send")),
        ),
      );
      const dialog = make("dialog", { className: "remark", ariaLabel: say("comment_label") }, form);
      dialog.addEventListener("close", () => {
        dialog.remove();
        resolve(dialog.returnValue === "send" ? box.value.trim() : null);
      });
      document.body.append(dialog);
      dialog.showModal();
      box.focus();
    });

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("#log .action");
    if (!button) return;
    if (button.matches(".text")) copy(button, copyable(button), formatted(button));
    else if (button.matches(".copy")) copy(button, copyable(button));
    else if (button.matches(".share") && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      copy(button, button.href);
    } else if (button.matches(".retry")) find("#again")?.click();
    else if (button.matches(".rate")) rate(button);
    else if (button.matches(".comment")) remark(button);
  });

  // While a word is being composed (accents, other scripts), Enter ends the word, not the question.
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Enter" && event.isComposing) event.stopPropagation();
    },
    true,
  );
  window.clusterlotse = { fill, make, say, submit }; // for conversations.js

  document.addEventListener("DOMContentLoaded", () => {
    document.body.append(announcements);
    new MutationObserver(follow).observe(page, {
      attributes: true,
      attributeFilter: ["lang", "disabled"],
      characterData: true,
      childList: true,
      subtree: true,
    });
    follow();
  });
})();
