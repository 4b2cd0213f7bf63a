// What the pages of the desk can do beyond their forms. No inline code, no storage.
"use strict";
(() => {
  // The key of a choice, pressed as a click: it is gone to, never made, and only for ticked rows.
  for (const choice of document.querySelectorAll("select[data-key]")) {
    choice.addEventListener("click", (e) => { if (!e.isTrusted && choice.form.querySelector("tbody input:checked")) choice.focus(); });
  }
  // What the number is called follows the kind of applicant.
  const kind = document.querySelector("form.receive select[name=kind]");
  kind?.addEventListener("change", () => {
    const said = document.querySelector('[data-number-of="' + CSS.escape(kind.value) + '"]');
    if (!said) return;
    document.querySelector('label[for="id_number"]').firstChild.data = said.dataset.label;
    document.getElementById("id_number-hint").textContent = said.dataset.hint;
  });
})();
