// Everything is readable without this: it only hides rows that are not looked for.
(function () {
  "use strict";
  var tools = document.getElementById("tools");
  var rows = Array.prototype.slice.call(document.querySelectorAll("[data-row]"));
  if (!tools || !rows.length) return;
  function labelled(text, control) {
    var label = document.createElement("label");
    label.append(text, control);
    tools.append(label);
    return control;
  }
  var search = labelled("Find", document.createElement("input"));
  search.type = "search";
  var choice = labelled("Controls", document.createElement("select"));
  ["all", "open", "derived", "nothing of the kind here", "not addressed"].forEach(function (word) {
    choice.append(new Option(word, word));
  });
  var count = document.createElement("span");
  count.setAttribute("role", "status");
  tools.append(count);
  tools.hidden = false;
  var texts = rows.map(function (row) { return row.textContent.toLowerCase(); });
  function filter() {
    var words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    var status = choice.value;
    var shown = 0;
    rows.forEach(function (row, index) {
      var fits = words.every(function (word) { return texts[index].indexOf(word) >= 0; });
      var own = row.getAttribute("data-status");
      if (own && status !== "all" && own !== status) fits = false;
      row.hidden = !fits;
      if (fits) shown += 1;
    });
    count.textContent = words.length || status !== "all" ? shown + " of " + rows.length + " rows" : "";
  }
  // A link to a row that is hidden shows everything again.
  addEventListener("hashchange", function () {
    var row = document.getElementById(location.hash.slice(1));
    if (row && row.closest("[hidden]")) {
      search.value = "";
      choice.value = "all";
      filter();
      row.scrollIntoView();
    }
  });
  // What is printed is always the whole report.
  addEventListener("beforeprint", function () { rows.forEach(function (row) { row.hidden = false; }); });
  addEventListener("afterprint", filter);
  search.addEventListener("input", filter);
  choice.addEventListener("change", filter);
})();
