// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors
//
// Search, sorting and copying. The pages also work without this script, and the script sends no
// network requests.
(function () {
  "use strict";

  // If the registry's host is unknown, a page shows a placeholder, so replace it with the page's
  // own host.
  if (location.protocol === "http:" || location.protocol === "https:") {
    document.querySelectorAll("code > var").forEach(function (host) {
      host.replaceWith(location.host);
    });
    // Servers don't serve the programs.
    document.querySelectorAll("[data-medium]").forEach(function (part) { part.hidden = true; });
  }

  const status = document.createElement("p");
  status.className = "skip";
  status.setAttribute("role", "status");
  document.body.append(status);

  function copied(button, isDone) {
    button.textContent = isDone ? "Copied" : "Press Ctrl-C";
    status.textContent = isDone ? "Copied" : "Selected: press Ctrl-C";
    setTimeout(function () { button.textContent = "Copy"; status.textContent = ""; }, 2000);
  }

  // Without HTTPS, browsers offer only the deprecated execCommand.
  function copyOld(code) {
    const range = document.createRange();
    range.selectNodeContents(code);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    return document.execCommand("copy");
  }

  document.querySelectorAll("code[data-copy]").forEach(function (code) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.setAttribute("aria-label", "Copy " + code.dataset.copy);
    button.addEventListener("click", function () {
      if (navigator.clipboard && window.isSecureContext) {
        navigator.clipboard.writeText(code.textContent).then(
          function () { copied(button, true); },
          function () { copied(button, copyOld(code)); }
        );
      } else {
        copied(button, copyOld(code));
      }
    });
    code.after(button);
  });

  // Open all folded sections for printing, and close them again afterwards.
  const folds = document.querySelectorAll("details");
  let closed = [];
  addEventListener("beforeprint", function () {
    closed = Array.from(folds).filter(function (fold) { return !fold.open; });
    closed.forEach(function (fold) { fold.open = true; });
  });
  addEventListener("afterprint", function () {
    closed.forEach(function (fold) { fold.open = false; });
  });

  const list = document.getElementById("list");
  if (!list) { return; }
  const body = list.tBodies[0];
  const rows = Array.from(body.rows);
  const texts = rows.map(function (row) { return row.textContent.toLowerCase(); });

  const search = document.getElementById("search");
  const found = document.getElementById("found");
  search.closest("[hidden]").hidden = false;
  search.addEventListener("input", function () {
    const words = search.value.toLowerCase().split(/\s+/);
    let count = 0;
    rows.forEach(function (row, index) {
      const fits = words.every(function (word) { return texts[index].includes(word); });
      row.hidden = !fits;
      count += fits ? 1 : 0;
    });
    found.textContent = search.value.trim() ? count + " of " + rows.length : "";
  });

  function key(row, column) {
    const cell = row.cells[column];
    return cell.dataset.sort || cell.textContent;
  }

  // Compare the numbers in names and versions by value.
  const order = new Intl.Collator("en", { numeric: true });

  Array.from(list.tHead.rows[0].cells).forEach(function (head, column) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", function () {
      const descending = head.getAttribute("aria-sort") === "ascending";
      list.querySelectorAll("[aria-sort]").forEach(function (other) { other.removeAttribute("aria-sort"); });
      head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      const sorted = rows.slice().sort(function (left, right) {
        const result = order.compare(key(left, column), key(right, column));
        return descending ? -result : result;
      });
      body.append.apply(body, sorted);
    });
  });
})();
