// What somebody has typed and been shown is kept in their browser: a server that has forgotten it, or
// was away, gets it back from there. Loaded before chat.js, which reads the tab's conversation.
"use strict";

(() => {
  const page = document.documentElement;
  const embedded = page.hasAttribute("data-embedded");
  const find = (selector) => document.querySelector(selector);
  const TAB = "clusterlotse-conversation"; // as in chat.js
  const LIST = "clusterlotse-conversations";
  const PENDING = "clusterlotse-pending";
  const DRAFT = "clusterlotse-draft";
  const RESTORED = "clusterlotse-restored";
  const MOST = 30; // conversations
  const PAUSE = 10_000; // milliseconds in which nothing is restored twice
  const TRIES = 2;

  // A browser may forbid its storage; then all ends with the page.
  const read = (area, name) => {
    try {
      return JSON.parse(window[area].getItem(name));
    } catch {
      return null;
    }
  };
  const write = (area, name, value) => {
    try {
      if (value === null) window[area].removeItem(name);
      else window[area].setItem(name, JSON.stringify(value));
      return true;
    } catch {
      return false;
    }
  };

  const area = page.hasAttribute("data-forgets") ? "sessionStorage" : "localStorage";
  const list = () => {
    const entries = read(area, LIST);
    return Array.isArray(entries) ? entries.filter((entry) => entry?.token && entry.turns?.length) : [];
  };
  const keepList = (entries) => {
    let kept = entries.slice(0, MOST);
    while (!write(area, LIST, kept) && kept.length) kept = kept.slice(0, -1); // there is no more room
    showButton();
  };
  const entryOf = (token) => list().find((entry) => entry.token === token);
  const others = (token) => list().filter((entry) => entry.token !== token);

  // Before Gradio starts

  const address = new URL(location.href);
  if (address.searchParams.has("back")) {
    address.searchParams.delete("back");
    history.replaceState(history.state, "", address);
    const [latest] = list();
    try {
      if (!embedded && latest && !sessionStorage.getItem(TAB)) sessionStorage.setItem(TAB, latest.token);
    } catch {}
  }
  const go = (token) => {
    if (embedded) {
      const here = new URL(location.href);
      here.searchParams.set("conversation", token);
      history.replaceState(history.state, "", here);
      page.dataset.conversation = token; // which frame.js tells the page around
    } else {
      try {
        sessionStorage.setItem(TAB, token);
      } catch {}
    }
    location.reload();
  };
  const wanted = (() => {
    try {
      return (embedded ? address.searchParams.get("conversation") : sessionStorage.getItem(TAB)) ?? "";
    } catch {
      return "";
    }
  })();

  // What is on its way: a question that was sent, and words that were not

  let unanswered = read("sessionStorage", PENDING); // by the page that was here before
  let draft = read("sessionStorage", DRAFT);
  const turns = () => [...document.querySelectorAll("#log .turn")];
  const isBusy = () => Boolean(find("#log .searching"));
  const box = () => find("#question textarea:enabled");

  const note = (question) => {
    const text = question.trim();
    if (!text) return;
    write("sessionStorage", PENDING, { text, count: turns().length, tries: 0 });
    write("sessionStorage", DRAFT, null);
  };
  const settle = () => {
    const pending = read("sessionStorage", PENDING);
    if (!pending || isBusy()) return;
    const all = turns();
    const last = all[all.length - 1]?.querySelector(".words")?.textContent.trim();
    const refused = find("#hint .prose")?.textContent.trim() && box()?.value.trim() === pending.text;
    if ((all.length > pending.count && last === pending.text) || refused) {
      write("sessionStorage", PENDING, null);
      if (refused) write("sessionStorage", DRAFT, pending.text);
      unanswered = null;
    }
  };
  const isDrawn = () =>
    Boolean(box() && (find("#log .turn") || find("#welcome:not(.hide)")?.checkVisibility()));
  const goOn = () => {
    if (!isDrawn() || isBusy()) return;
    settle();
    if (unanswered) {
      const { text, tries } = unanswered;
      unanswered = null;
      if (tries < TRIES) {
        write("sessionStorage", PENDING, { text, count: turns().length, tries: tries + 1 });
        window.clusterlotse.submit(text);
        return;
      }
      write("sessionStorage", PENDING, null);
      draft = text;
    }
    if (draft && !box().value) window.clusterlotse.fill(draft);
    draft = null;
  };

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target === box()) note(box().value);
    },
    true,
  );
  document.addEventListener(
    "click",
    ({ target }) => {
      if (target.closest?.("#send")) note(box()?.value ?? "");
      const example = target.closest?.(".example");
      if (example) note(example.textContent);
      if (target.closest?.("#new, #undo")) leaving = true;
      if (target.closest?.("#past")) showList();
    },
    true,
  );
  document.addEventListener("input", ({ target }) => {
    if (target === box()) write("sessionStorage", DRAFT, target.value || null);
  });

  // The conversation that is shown

  let current = "";
  let kept = "";
  let leaving = false;
  let restoring = false;

  const post = (path, body) =>
    fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

  const keep = async () => {
    const all = turns();
    const state = `${current} ${all.length} ${all[all.length - 1]?.textContent.length}`;
    if (!all.length || isBusy() || state === kept) return;
    kept = state;
    const token = current;
    try {
      const response = await post("conversation/turns", { conversation: token });
      if (!response.ok) return;
      const { turns } = await response.json();
      if (turns.length) keepList([{ token, time: Date.now(), title: turns[0].question, turns }, ...others(token)]);
    } catch {} // the server is away; the next answer tries again
  };

  const restore = async (entry) => {
    const last = read("sessionStorage", RESTORED);
    if (last?.title === entry.title && Date.now() - last.time < PAUSE) return false;
    restoring = true;
    write("sessionStorage", RESTORED, { title: entry.title, time: Date.now() });
    try {
      const response = await post(`conversation${location.search}`, { turns: entry.turns });
      if (!response.ok) throw new Error(response.statusText);
      const { conversation } = await response.json();
      keepList([{ ...entry, token: conversation }, ...others(entry.token)]);
      go(conversation);
      return true;
    } catch {
      restoring = false;
      return false;
    }
  };

  const follow = () => {
    const token = find("#brand .brand")?.id.replace("conversation-", "");
    if (!token || restoring) return;
    if (token !== current) {
      const before = current || wanted;
      const forgotten = before && before !== token && !leaving;
      leaving = false;
      current = token;
      if (forgotten) {
        unanswered = read("sessionStorage", PENDING);
        const entry = entryOf(before);
        if (entry) {
          restore(entry).then((done) => done || follow());
          return;
        }
      }
      showButton();
    }
    settle();
    goOn();
    keep();
  };

  // The list of conversations

  const showButton = () => find("#past")?.toggleAttribute("data-none", !list().length);

  const showList = () => {
    const { make, say } = window.clusterlotse;
    const items = make("ul", {});
    const dialog = make(
      "dialog",
      { className: "remark past", ariaLabel: say("conversations") },
      make("h2", {}, say("conversations")),
      make("p", {}, say("conversations_help")),
      items,
    );
    const draw = () => {
      const entries = list();
      items.replaceChildren(...entries.map((entry) => item(entry)));
      all.hidden = !entries.length;
      if (!entries.length) items.append(make("li", {}, say("conversations_none")));
    };
    const item = ({ token, title, time }) => {
      const open = make("button", { type: "button", className: "open" }, title);
      const when = new Date(time).toLocaleString(page.lang, { dateStyle: "medium", timeStyle: "short" });
      open.append(make("small", {}, when));
      if (token === current) open.setAttribute("aria-current", "true");
      open.addEventListener("click", () => (token === current ? dialog.close() : go(token)));
      const remove = make("button", { type: "button", className: "remove" }, say("conversation_delete"));
      remove.setAttribute("aria-label", `${say("conversation_delete")}: ${title}`);
      remove.addEventListener("click", () => {
        keepList(others(token));
        draw();
        (items.querySelector("button") ?? close).focus();
      });
      return make("li", {}, open, remove);
    };
    const all = make("button", { type: "button" }, say("conversations_delete"));
    all.addEventListener("click", () => {
      keepList([]);
      draw();
      close.focus();
    });
    const close = make("button", { type: "button" }, say("close"));
    close.addEventListener("click", () => dialog.close());
    dialog.append(make("div", { className: "buttons" }, all, close));
    dialog.addEventListener("close", () => dialog.remove());
    draw();
    document.body.append(dialog);
    dialog.showModal();
  };

  document.addEventListener("DOMContentLoaded", () => {
    new MutationObserver(follow).observe(page, {
      attributes: true,
      attributeFilter: ["id", "disabled", "class"],
      characterData: true,
      childList: true,
      subtree: true,
    });
    follow();
  });
})();
