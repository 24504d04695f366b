"use strict";
document.documentElement.classList.add("scripted");

const valueOf = (cell) => {
  const text = (cell.dataset.value ?? cell.textContent).trim();
  return text === "" || Number.isNaN(Number(text)) ? text : Number(text);
};

// What is empty stands last, whichever way the rest goes.
const compare = (one, other, way) => {
  if (one === "" || other === "") return (one === "") - (other === "");
  if (typeof one === "number" && typeof other === "number") return way * (one - other);
  return way * String(one).localeCompare(String(other), document.documentElement.lang, { numeric: true });
};

for (const table of document.querySelectorAll("table[data-sortable]")) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const way = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
      for (const each of heads) each.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", way === 1 ? "ascending" : "descending");
      const rows = [...table.tBodies[0].rows].map((row) => [valueOf(row.cells[column]), row]);
      rows.sort(([one], [other]) => compare(one, other, way));
      table.tBodies[0].append(...rows.map(([, row]) => row));
      table.dataset.sorted = "";
    });
  });
}
