/** One's own rows: pasted, opened from a file, or dropped on the page, which alone reads them. */

import { byId } from "./controls.js";
import {
  columnsOf,
  MOST_CHARACTERS,
  MOST_ROWS,
  rowsOf,
  tableOfText,
  whyNoColumns,
} from "./delimited.js";
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
    byId("read-otherwise").addEventListener("click", () => {
      this.#read(this.#source, nextWayOf(this.#table));
    });
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

  /** Read the text, its numbers in the way that is chosen, if one is. */
  #read(source, way) {
    const text = byId("pasted").value;
    this.#source = source;
    if (text.length > MOST_CHARACTERS) {
      this.#refuse(`This is more than the page reads; ${LIMIT}`);
      return;
    }
    this.#table = tableOfText(text, way);
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
    for (const id of ["rows-columns", "read-otherwise"]) byId(id).hidden = true;
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
    this.#offerOtherWay();
    const doubt = doubtText(this.#table);
    if (!this.#table.names.length) {
      byId("rows-says").textContent = "";
    } else if (numeric.length < 2) {
      byId("rows-says").textContent = `${whyNoColumns(this.#table)}${doubt}`;
    } else {
      const { rows, unused } = rowsOf(this.#table, ...this.#places);
      const isTooLarge = rows.y.length > MOST_ROWS;
      byId("use-rows").disabled = isTooLarge;
      byId("rows-says").textContent = isTooLarge
        ? `${count(rows.y.length, "row")}; ${LIMIT}`
        : `${count(rows.y.length, "row")}.${unusedText(unused)}${doubt}`;
    }
  }

  /** Offer to read numbers otherwise, where they may be written in another way. */
  #offerOtherWay() {
    const { ways, doubted } = this.#table;
    const way = nextWayOf(this.#table);
    byId("read-otherwise").hidden = way === this.#table.way;
    if (way === this.#table.way) return;
    byId("read-otherwise").textContent = `Read ${doubted} as ${ways[way].read(doubted)}`;
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

function nextWayOf({ ways, way }) {
  return (way + 1) % ways.length;
}

/** Tell how a number was read, or may be, that is not certain. */
function doubtText({ ways, way, doubted }) {
  if (ways.length < 2) return "";
  const values = ways.map((each) => each.read(doubted));
  if (way < 0) return ` ${doubted} may be ${values.join(" or ")}.`;
  return ` ${doubted} was read as ${values[way]}, not ${values[nextWayOf({ ways, way })]}.`;
}

function unusedText(unused) {
  if (!unused.length) return "";
  const named = unused.slice(0, MOST_NAMED).map(({ line, why }) => `line ${line} (${why})`);
  const more = unused.length > MOST_NAMED ? ", …" : "";
  return ` ${count(unused.length, "row")} cannot be used: ${named.join(", ")}${more}.`;
}
