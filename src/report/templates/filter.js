// Search and verdict filters. Without script the page shows everything, and this toolbar is not there.
(function () {
  "use strict";
  var all = function (selector, root) { return Array.prototype.slice.call((root || document).querySelectorAll(selector)); };
  var tools = document.getElementById("tools");
  var search = document.getElementById("search");
  var shown = document.getElementById("shown");
  var unfold = document.getElementById("unfold");
  var boxes = all("input[type=checkbox]", tools);
  var items = all("[data-verdict]").map(function (element) { return { element: element, text: null }; });

  function textOf(item) {
    if (item.text === null) { item.text = item.element.textContent.toLowerCase(); }
    return item.text;
  }

  function matches(item, words, verdicts) {
    if (verdicts.length && verdicts.indexOf(item.element.dataset.verdict) < 0) { return false; }
    return words.every(function (word) { return textOf(item).indexOf(word) >= 0; });
  }

  function filter() {
    var words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    var verdicts = boxes.filter(function (box) { return box.checked; }).map(function (box) { return box.value; });
    var count = 0;
    items.forEach(function (item) {
      item.element.hidden = !matches(item, words, verdicts);
      count += item.element.hidden ? 0 : 1;
    });
    all("[data-section]").forEach(function (section) {
      section.hidden = !section.querySelector("[data-verdict]:not([hidden])");
    });
    shown.textContent = count === items.length ? items.length + " checks" : count + " of " + items.length + " checks shown";
  }

  // A link to a folded check unfolds it, and shows it where a filter hides it.
  function reveal() {
    var target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) { return; }
    if (target.closest("[hidden]")) {
      search.value = "";
      boxes.forEach(function (box) { box.checked = false; });
      filter();
    }
    for (var at = target; at; at = at.parentElement) {
      if (at.tagName === "DETAILS") { at.open = true; }
    }
    target.scrollIntoView();
  }

  function toggle() {
    var open = unfold.textContent === "Unfold all";
    all("main details").forEach(function (element) { element.open = open; });
    unfold.textContent = open ? "Fold all" : "Unfold all";
  }

  search.addEventListener("input", filter);
  boxes.forEach(function (box) { box.addEventListener("change", filter); });
  unfold.addEventListener("click", toggle);
  window.addEventListener("hashchange", reveal);
  document.addEventListener("keydown", function (event) {
    if (event.key === "/" && document.activeElement !== search && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      search.focus();
    } else if (event.key === "Escape" && document.activeElement === search) {
      search.value = "";
      filter();
    }
  });
  tools.hidden = false;
  filter();
  if (location.hash.length > 1) { reveal(); }
})();
