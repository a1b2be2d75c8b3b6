"use strict";
// The search of the portal. It runs in this page and asks nobody: the index is a script, too, since
// browsers load no other data from the disk.
(function () {
  const data = window.portalIndex;
  if (!data) return;
  const APART = { "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "ı": "i" };
  const common = new Set(data.common.split(" "));
  const terms = new Map();
  for (const line of data.terms.split("\n")) {
    const [term, places] = line.split(" ");
    if (places) terms.set(term, places);
  }

  function folded(text) {
    const apart = text.toLowerCase().replace(/[ßæœøđłı]/g, (char) => APART[char]);
    return apart.normalize("NFKD").replace(/\p{M}/gu, "");
  }

  function words(text) {
    return (folded(text).match(/[\p{L}\p{N}]+/gu) || []).filter((word) => word.length > 1);
  }

  // The articles that have a term: [place, weight from 1 to 26].
  function having(term) {
    const found = [];
    let place = 0;
    for (const [, step, weight] of terms.get(term).matchAll(/([0-9a-z]+)([A-Z])/g)) {
      place += parseInt(step, 36);
      found.push([place, weight.charCodeAt(0) - 64]);
    }
    return found;
  }

  // How many letters differ, swapped ones as one; more than `most` count as too many.
  function distance(one, other, most) {
    if (Math.abs(one.length - other.length) > most) return most + 1;
    let two = [], before = [...Array(other.length + 1).keys()];
    for (let i = 1; i <= one.length; i++) {
      const row = [i];
      for (let j = 1; j <= other.length; j++) {
        const same = one[i - 1] === other[j - 1];
        row[j] = Math.min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (same ? 0 : 1));
        const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
        if (swapped) row[j] = Math.min(row[j], two[j - 2] + 1);
      }
      if (Math.min(...row) > most) return most + 1;
      [two, before] = [before, row];
    }
    return before[other.length];
  }

  // The terms that a word may mean, each with how sure that is.
  function meant(word) {
    const found = new Map();
    if (terms.has(word)) found.set(word, 1);
    // A short word begins too many others that have nothing to do with it.
    if (word.length < 4 && found.size) return found;
    for (const term of terms.keys()) {
      if (term === word) continue;
      const shared = Math.min(term.length, word.length);
      const begins = term.startsWith(word) || (shared >= 4 && word.startsWith(term));
      if (begins && shared >= 2) {
        const rest = Math.abs(term.length - word.length);
        if (rest <= 3 || term.startsWith(word)) found.set(term, rest <= 3 ? 0.8 : 0.5);
      }
    }
    if (!found.size && word.length >= 4) {
      const most = word.length >= 8 ? 2 : 1;
      for (const term of terms.keys()) {
        const off = distance(word, term, most);
        if (off <= most) found.set(term, 0.7 / off);
      }
    }
    return found;
  }

  // BM25 over all words; an article that has more of them comes first.
  function search(question, language) {
    const said = [...new Set(words(question))];
    const telling = said.filter((word) => !common.has(word));
    const asked = telling.length ? telling : said;
    const scores = new Map();
    const count = data.articles.length;
    asked.forEach((word) => {
      const best = new Map();
      for (const [term, sure] of meant(word)) {
        const places = having(term);
        const rare = Math.log(1 + (count - places.length + 0.5) / (places.length + 0.5));
        for (const [place, weight] of places) {
          best.set(place, Math.max(best.get(place) || 0, sure * rare * weight));
        }
      }
      for (const [place, score] of best) {
        const known = scores.get(place) || { score: 0, words: 0 };
        scores.set(place, { score: known.score + score, words: known.words + 1 });
      }
    });
    const ranked = [...scores].map(([place, found]) => {
      const own = data.articles[place][3] === language ? 1.2 : 1;
      return { place, score: own * found.score * Math.sqrt(found.words / asked.length) };
    });
    ranked.sort((a, b) => b.score - a.score || a.place - b.place);
    return ranked.map(({ place, score }) => {
      const [page, title, category, lang, lead] = data.articles[place];
      return { page, title, category, lang, lead, score };
    });
  }

  window.portalSearch = search;
  const form = document.querySelector("form[role=search]");
  if (!form) return;
  const box = form.querySelector("input");
  const list = document.getElementById("results");
  const status = document.getElementById("status");
  const MOST = 20;

  function show() {
    const question = box.value.trim();
    const found = question ? search(question, document.documentElement.lang) : [];
    list.replaceChildren(...found.slice(0, MOST).map(entry));
    const told = found.length === 1 ? status.dataset.one : status.dataset.many;
    const text = found.length ? told.replace("{n}", found.length) : status.dataset.none;
    status.textContent = question ? text : "";
  }

  function entry(found) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = found.page;
    link.textContent = found.title;
    if (found.lang !== document.documentElement.lang) item.lang = found.lang;
    const lead = document.createElement("p");
    lead.className = "soft";
    lead.textContent = found.category ? `${found.category} · ${found.lead}` : found.lead;
    item.append(link, lead);
    return item;
  }

  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const first = list.querySelector("a");
    if (first) first.focus();
  });
  box.addEventListener("input", show);
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== box) {
      event.preventDefault();
      box.focus();
    }
  });
  if (location.hash.startsWith("#q=")) {
    box.value = decodeURIComponent(location.hash.slice(3));
    show();
  }
})();
