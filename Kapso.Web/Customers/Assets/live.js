// Follows the state of a customer's setup: a live stream while there is one, else a slow look now and then.
(() => {
  "use strict";
  const card = document.querySelector("[data-events]");
  const url = card && card.dataset.events;
  if (!url) return;
  const slow = 15000;
  const lastLook = Date.now() + 30 * 60 * 1000;

  const show = (status) => {
    card.dataset.tone = status.tone;
    for (const element of card.querySelectorAll("[data-text]")) {
      const text = status[element.dataset.text] || "";
      if (element.textContent !== text) element.textContent = text;
    }
    card.querySelector(".number").hidden = !status.number;
    return status.tone === "connected";
  };

  const look = async () => {
    if (Date.now() > lastLook) return;
    try {
      const answer = await fetch(url, { headers: { Accept: "application/json" } });
      if (answer.ok && show(await answer.json())) return;
    } catch { /* offline: the next look tells */ }
    setTimeout(look, slow);
  };

  if (!window.EventSource) { look(); return; }
  const stream = new EventSource(url);
  stream.addEventListener("status", (event) => {
    if (show(JSON.parse(event.data))) stream.close();
  });
  stream.addEventListener("error", () => {
    if (stream.readyState === EventSource.CLOSED) setTimeout(look, slow);
  });
})();
