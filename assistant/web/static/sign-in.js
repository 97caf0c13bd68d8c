// In a frame: the login runs in a window of its own, which hands over a code for this frame.
"use strict";

(() => {
  const form = document.getElementById("sign-in");
  let login = null;

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    login = window.open(form.dataset.login, "lotse-login", "popup,width=520,height=700");
  });

  window.addEventListener("message", (event) => {
    const isOurs = event.origin === window.location.origin && event.source === login;
    if (!login || !isOurs || typeof event.data?.lotseCode !== "string") return;
    form.elements.code.value = event.data.lotseCode;
    form.submit();
  });
})();
