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
  // An update leaves the page where it was: the form says where its button stood, and the answer is moved there. Without a script the
  // address leads to the section.
  for (const button of document.querySelectorAll("button[data-keep]")) {
    button.addEventListener("click", () => {
      button.formAction = button.formAction.split("#")[0];
      const at = document.createElement("input");
      Object.assign(at, { type: "hidden", name: "at", value: Math.round(button.getBoundingClientRect().top) });
      button.after(at);
    });
    if (button.dataset.at) requestAnimationFrame(() => scrollBy(0, button.getBoundingClientRect().top - Number(button.dataset.at)));
  }
})();
