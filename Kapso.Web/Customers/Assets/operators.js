// Keeps a page for operators up to date: fetches it again when it is told of a change, or every now and then.
(() => {
  "use strict";
  const giveUpAfter = 5;
  let stream = null;
  let timer = 0;
  let followed = null;
  let due = false;

  // Nobody's typing, choosing or copying is disturbed.
  const isBusy = () => {
    const active = document.activeElement;
    return document.hidden || (active && active.matches("input, select, textarea")) || String(getSelection()) !== "";
  };

  const refresh = () => {
    due = isBusy();
    if (!due) Blazor.navigateTo(location.href, { replaceHistoryEntry: true });
  };

  const stop = () => {
    if (stream) stream.close();
    clearInterval(timer);
    stream = null;
    timer = 0;
  };

  const listen = (url) => {
    let failures = 0;
    let isFirst = true;
    stream = new EventSource(url);
    stream.addEventListener("changed", () => {
      failures = 0;
      if (!isFirst) refresh();
      isFirst = false;
    });
    stream.addEventListener("error", () => {
      if (++failures >= giveUpAfter || (stream && stream.readyState === EventSource.CLOSED)) {
        stop();
        timer = setInterval(refresh, 15000);
      }
    });
  };

  const showCopyButtons = () => {
    for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
  };

  // Where the clipboard is not to be had (plain http), the text is at least marked.
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const field = button.parentElement.querySelector("input");
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      button.textContent = "Copied";
    } catch { /* it is marked */ }
  });

  const follow = () => {
    showCopyButtons();
    const { events, refresh: seconds } = document.getElementById("content").dataset;
    const wanted = events || seconds || null;
    if (wanted === followed) return;
    stop();
    followed = wanted;
    if (events) listen(events);
    else if (seconds) timer = setInterval(refresh, seconds * 1000);
  };

  document.addEventListener("visibilitychange", () => { if (due) refresh(); });
  Blazor.addEventListener("enhancedload", follow);
  follow();
})();
