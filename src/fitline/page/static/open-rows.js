/** One's own rows: pasted, opened from a file, or dropped on the page, which alone reads them. */

import { byId } from "./controls.js";
import { columnsOf, MOST_CHARACTERS, MOST_ROWS, rowsOf, tableOfText } from "./delimited.js";
import { count, number } from "./numbers.js";

/** So many of the lines that cannot be used are named. */
const MOST_NAMED = 4;

export class OpenRows {
  #ownData;
  #source = "";
  #table = null;

  constructor(ownData) {
    this.#ownData = ownData;
    byId("open-rows").addEventListener("click", () => byId("rows-dialog").showModal());
    byId("close-rows").addEventListener("click", () => byId("rows-dialog").close());
    byId("pasted").addEventListener("input", () => this.#read("pasted rows"));
    byId("rows-file").addEventListener("change", ({ target }) => this.#open(target.files[0]));
    for (const id of ["x-column", "y-column"]) {
      byId(id).addEventListener("change", () => this.#tell());
    }
    byId("use-rows").addEventListener("click", () => this.#use());
    this.#wireDrop();
    this.#read("");
  }

  /** Files may be dropped anywhere, unless the lesson leaves such things out. */
  #wireDrop() {
    const isWelcome = (event) =>
      event.dataTransfer.types.includes("Files") &&
      !byId("open-rows").closest("[hidden], .left-out");
    addEventListener("dragover", (event) => {
      if (isWelcome(event)) event.preventDefault();
    });
    addEventListener("drop", (event) => {
      if (!isWelcome(event)) return;
      event.preventDefault();
      if (!byId("rows-dialog").open) byId("rows-dialog").showModal();
      this.#open(event.dataTransfer.files[0]);
    });
  }

  async #open(file) {
    if (!file) return;
    if (file.size > MOST_CHARACTERS) {
      this.#refuse(`${file.name} has ${number(file.size)} bytes; ${LIMIT}`);
      return;
    }
    byId("pasted").value = await file.text();
    this.#read(file.name);
  }

  #read(source) {
    const text = byId("pasted").value;
    this.#source = source;
    if (text.length > MOST_CHARACTERS) {
      this.#refuse(`This is more than the page reads; ${LIMIT}`);
      return;
    }
    this.#table = tableOfText(text);
    const { numeric, x, y } = columnsOf(this.#table);
    for (const [id, chosen] of Object.entries({ "x-column": x, "y-column": y })) {
      const names = numeric.map((place) => new Option(this.#table.names[place], place));
      byId(id).replaceChildren(...names);
      if (chosen !== undefined) byId(id).value = chosen;
    }
    this.#tell();
  }

  #refuse(text) {
    this.#table = null;
    byId("use-rows").disabled = true;
    byId("rows-columns").hidden = true;
    byId("rows-says").textContent = text;
  }

  get #places() {
    return ["x-column", "y-column"].map((id) => Number(byId(id).value));
  }

  /** Tell what would be used. */
  #tell() {
    const { numeric } = columnsOf(this.#table);
    byId("rows-columns").hidden = numeric.length < 2;
    byId("use-rows").disabled = true;
    if (!this.#table.records.length) {
      byId("rows-says").textContent = "";
    } else if (numeric.length < 2) {
      byId("rows-says").textContent =
        "A table needs two columns of numbers, with commas, semicolons or tabs between them.";
    } else {
      const { rows, unused } = rowsOf(this.#table, ...this.#places);
      const isTooLarge = rows.y.length > MOST_ROWS;
      byId("use-rows").disabled = isTooLarge;
      byId("rows-says").textContent = isTooLarge
        ? `${count(rows.y.length, "row")}; ${LIMIT}`
        : `${count(rows.y.length, "row")}.${unusedText(unused)}`;
    }
  }

  #use() {
    const { rows, unused } = rowsOf(this.#table, ...this.#places);
    const [x, y] = this.#places.map((place) => this.#table.names[place]);
    const table = { source: this.#source, skipped: unused.length, x, y, rows };
    const wrong = this.#ownData.open(table);
    if (wrong) byId("rows-says").textContent = wrong;
    else byId("rows-dialog").close();
  }
}

const LIMIT = `the page takes up to ${number(MOST_ROWS)} rows, and fitline explore FILE any number.`;

function unusedText(unused) {
  if (!unused.length) return "";
  const named = unused.slice(0, MOST_NAMED).map(({ line, why }) => `line ${line} (${why})`);
  const more = unused.length > MOST_NAMED ? ", …" : "";
  return ` ${count(unused.length, "row")} cannot be used: ${named.join(", ")}${more}.`;
}
