// In the window of a login: hands the code to the frame that has opened it, if it is ours.
"use strict";

(() => {
  const code = document.currentScript.dataset.code;
  if (!window.opener) return;
  window.opener.postMessage({ lotseCode: code }, window.location.origin);
  window.close();
})();
