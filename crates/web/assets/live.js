// Makes a page that already works better: live figures, a command palette, keyboard rows. No inline code, no storage.
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const body = document.body;
  const parse = (html) => new DOMParser().parseFromString(html, "text/html");

  // --- Live figures. The server says "something moved"; the page asks for itself again and swaps what differs. ---
  let waiting = null, asking = false, again = false;
  async function refresh() {
    if (asking) { again = true; return; }
    asking = true;
    try {
      const answer = await fetch(location.href, { headers: { "X-Fragment": "live" }, credentials: "same-origin" });
      if (!answer.ok || answer.redirected) return;
      const fresh = parse(await answer.text());
      let moved = 0;
      for (const old of document.querySelectorAll("[data-live-id]")) {
        const now = fresh.querySelector('[data-live-id="' + CSS.escape(old.dataset.liveId) + '"]');
        old.classList.remove("moved-now");
        if (!old.classList.length) old.removeAttribute("class");
        if (!now || now.isEqualNode(old) || now.dataset.key && now.dataset.key === old.dataset.key || old.querySelector("tbody input:checked,details[open] textarea") || old.contains(document.activeElement) && old.querySelector("input,textarea,select")) continue;
        const focused = old.contains(document.activeElement);
        old.replaceWith(now);
        if (focused) now.querySelector("a")?.focus({ preventScroll: true });
        if (!now.dataset.liveId.startsWith("foot")) { now.classList.add("moved-now"); moved++; }
      }
      if (moved) $("said").textContent = body.dataset.liveSaid;
    } catch { /* offline: the stream reconnects by itself, and the next message asks again */ }
    finally { asking = false; if (again) { again = false; soon(); } }
  }
  function soon() { clearTimeout(waiting); waiting = setTimeout(refresh, 120); }
  if (body.dataset.live && window.EventSource) {
    const stream = new EventSource(body.dataset.live);
    let dropped = false;
    stream.onmessage = soon;
    stream.onerror = () => { dropped = true; };
    stream.onopen = () => { if (dropped) { dropped = false; soon(); } };
    addEventListener("pagehide", () => stream.close());
  }

  // --- Command palette ---
  const palette = $("palette"), field = $("palette-q"), hits = $("palette-hits");
  const links = () => [...hits.querySelectorAll("a")];
  function open(text) { if (!palette.open) palette.showModal(); field.value = text || ""; field.focus(); }
  let asked = 0, typing = null;
  async function look() {
    const q = field.value.trim(), mine = ++asked;
    if (!q) { hits.replaceChildren(); return; }
    const lang = document.documentElement.lang;
    try {
      const answer = await fetch("/search?q=" + encodeURIComponent(q) + "&lang=" + lang, { headers: { "X-Fragment": "results" } });
      if (!answer.ok || mine !== asked) return;
      const found = parse(await answer.text()).querySelector("[data-results]");
      if (found) hits.replaceChildren(...found.childNodes);
      links()[0]?.classList.add("at");
    } catch { /* offline: Enter still opens the search page */ }
  }
  function step(by) {
    const all = links(), at = all.findIndex((a) => a.classList.contains("at"));
    all[at]?.classList.remove("at");
    const next = all[(at + by + all.length) % all.length];
    next?.classList.add("at");
    next?.scrollIntoView({ block: "nearest" });
  }
  if (palette) {
    field.addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(look, 120); });
    field.addEventListener("keydown", (e) => {
      if (e.key === "ArrowDown" || e.key === "ArrowUp") { e.preventDefault(); step(e.key === "ArrowDown" ? 1 : -1); }
      const at = hits.querySelector("a.at");
      if (e.key === "Enter" && at) { e.preventDefault(); location.assign(at.href); }
    });
    palette.addEventListener("click", (e) => { if (e.target === palette) palette.close(); });
  }

  // --- Keys ---
  const rows = () => [...document.querySelectorAll("table.rows tbody tr")].filter((r) => r.offsetParent);
  function walk(by) {
    const all = rows(), at = all.indexOf(document.activeElement?.closest("tr"));
    const row = all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + by))];
    row?.querySelector("th a, td a")?.focus();
  }
  const keys = $("keys");
  for (const b of document.querySelectorAll("[data-keys]")) { b.hidden = false; b.addEventListener("click", () => keys.showModal()); }
  document.addEventListener("keydown", (e) => {
    if (palette && (e.ctrlKey || e.metaKey) && e.key.toLowerCase() === "k") { e.preventDefault(); open(); return; }
    const send = e.key === "Enter" && (e.ctrlKey || e.metaKey) && e.target.closest("form[data-send]")?.querySelector("button.main");
    if (send) { e.preventDefault(); send.click(); return; }
    if (e.ctrlKey || e.metaKey || e.altKey || e.target.closest("input:not([type=checkbox]),textarea,select,dialog")) return;
    if (e.key === "?" && keys) { e.preventDefault(); keys.showModal(); }
    else if (e.key === "x") { const b = document.activeElement?.closest("tr")?.querySelector("input[type=checkbox]"); if (b) b.checked = !b.checked; }
    else if (document.querySelector('[data-key="' + CSS.escape(e.key) + '"]')) { e.preventDefault(); document.querySelector('[data-key="' + CSS.escape(e.key) + '"]').click(); }
    else if (e.key === "j") walk(1);
    else if (e.key === "k") walk(-1);
    else if (e.key === "/") { const f = $("find") || $("jump"); if (f) { e.preventDefault(); f.focus(); } }
  });

  // --- Small comforts ---
  (document.querySelector("[data-focus]") || document.querySelector("form[data-send] input:not([type=hidden])"))?.focus();
  document.addEventListener("click", (e) => {
    for (const d of document.querySelectorAll("details.drop[open]")) if (!d.contains(e.target)) d.open = false;
  });
  for (const f of document.querySelectorAll('form[method="post"]')) {
    f.addEventListener("submit", (e) => { if (f.dataset.sent) e.preventDefault(); f.dataset.sent = "1"; setTimeout(() => delete f.dataset.sent, 4000); });
  }
})();
