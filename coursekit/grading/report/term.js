
{
  const form = document.querySelector(".filters");
  const table = document.querySelector("#students ~ .wide table");
  const rows = [...table.tBodies[0].rows];
  const told = form.querySelector("output");
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const names = new Map(rows.map((row) => [row, plain(row.cells[0].textContent)]));
  const last = table.tHead.rows[0].cells.length - 3;  // after it come the sum and the share

  const show = () => {
    const words = plain(form.who.value).split(/\s+/);
    const chosen = Number(form.assignment.value);
    let shown = 0;
    for (const row of [table.tHead.rows[0], ...rows]) {
      const cells = [...row.cells];
      cells.forEach((cell, place) => { cell.hidden = chosen > 0 && place > 0 && place <= last && place !== chosen; });
      if (row.parentNode === table.tHead) continue;
      const states = cells.filter((cell) => !cell.hidden).flatMap((cell) => (cell.dataset.is ?? "").split(" "));
      const fits = words.every((word) => names.get(row).includes(word));
      row.hidden = !fits || (form.state.value !== "" && !states.includes(form.state.value));
      shown += !row.hidden;
    }
    for (const each of table.querySelectorAll(".when")) each.hidden = !form.when.checked;
    told.value = told.value.replace(/\d+/, shown);
  };
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  show();  // a browser may have kept what was chosen
}
