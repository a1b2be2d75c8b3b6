"use strict";
// The search of the site: names, phone numbers, cities, addresses. Nothing leaves the page.
(function () {
  const form = document.querySelector("form[role=search]");
  const entries = window.siteIndex;
  if (!form || !entries) return;
  const MOST = 50;
  const APART = { "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "ı": "i" };
  const folded = (text) => text.toLowerCase().replace(/[ßæœøđłı]/g, (char) => APART[char])
    .normalize("NFKD").replace(/\p{M}/gu, "");
  const texts = entries.map(([, name, , more]) => folded(`${name} ${more}`));
  const box = form.querySelector("input");
  const list = document.getElementById("results");
  const status = document.getElementById("status");

  // A number as it is dialled is found by its last digits: +49 30 1234 by 030 1234.
  function fits(text, words) {
    return words.every((word) => text.includes(word));
  }

  function found(question) {
    const digits = question.replace(/\D/g, "").replace(/^0+/, "");
    const isNumber = digits.length >= 3 && /^[\d\s+()/.-]+$/.test(question);
    const words = isNumber ? [digits] : folded(question).split(/\s+/).filter(Boolean);
    const places = [];
    texts.forEach((text, place) => { if (fits(text, words)) places.push(place); });
    // Names that begin so come first.
    const first = (place) => (folded(entries[place][1]).startsWith(words[0]) ? 0 : 1);
    return places.sort((a, b) => first(a) - first(b) || a - b);
  }

  function show() {
    const question = box.value.trim();
    const places = question ? found(question) : [];
    list.replaceChildren(...places.slice(0, MOST).map((place) => {
      const [page, name, kind, , shown] = entries[place];
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = page;
      link.textContent = name;
      const about = document.createElement("span");
      about.className = "soft more";
      about.textContent = [kind, shown].filter(Boolean).join(" · ");
      item.append(link, about);
      return item;
    }));
    const count = places.length === 1 ? "1 found" : `${places.length} found`;
    status.textContent = question ? (places.length ? count : "nothing found") : "";
  }

  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const first = list.querySelector("a");
    if (first) first.focus();
  });
  box.addEventListener("input", show);
})();
