/**
 * Tables of delimited text, read simply: commas, semicolons or tabs, quoted cells, with names of the
 * columns in the first line or without.
 */

import { count } from "./numbers.js";

export const MOST_CHARACTERS = 1_000_000;

/** A page takes no more rows than these. */
export const MOST_ROWS = 2000;

const DELIMITERS = ["\t", ";", ","];
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const THOUSANDS = /^[+-]?\d{1,3}(,\d{3})+$/;

/** A column of such a name is what is to be learned, as in columns.py. */
const TARGETS = ["y", "price", "target", "label"];

/** What would change the page's direction or its lines, or is not seen. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Read a table: the names of its columns, and its records as {line, cells}, where cells are texts.
 * `numberIn` reads a cell, NaN where it is no number.
 */
export function tableOfText(text) {
  const delimiter = delimiterOf(text);
  const records = [...recordsOf(text.replace(/^\ufeff/, ""), delimiter)];
  const numberIn = readerOf(records, delimiter);
  const [first = { cells: [] }] = records;
  const isNamed = first.cells.some((cell) => cell && Number.isNaN(numberIn(cell)));
  const names = first.cells.map((cell, place) => {
    return (isNamed && cell.replace(UNSEEN, "�")) || `c${place + 1}`;
  });
  return { names, records: isNamed ? records.slice(1) : records, numberIn };
}

/** Choose the delimiter that stands most often in the first line. */
function delimiterOf(text) {
  const [line = ""] = text.split(/\r?\n|\r/).filter((each) => each.trim());
  const plain = line.replace(/"[^"]*"/g, "");
  const counted = DELIMITERS.map((delimiter) => plain.split(delimiter).length);
  return DELIMITERS[counted.indexOf(Math.max(...counted))];
}

/** Give the records of a text, without those that are empty. */
function* recordsOf(text, delimiter) {
  let [cells, cell, isQuoted, line, start] = [[], "", false, 1, 1];
  const isEmpty = () => ![...cells, cell].some((each) => each.trim());
  for (let place = 0; place <= text.length; place += 1) {
    const letter = text[place] ?? "\n";
    const isEnd = letter === "\n" || (letter === "\r" && text[place + 1] !== "\n");
    if (letter === '"' && isQuoted && text[place + 1] === '"') {
      cell += letter;
      place += 1;
    } else if (letter === '"' && (isQuoted || !cell.trim())) {
      isQuoted = !isQuoted;
    } else if (isQuoted && place < text.length) {
      cell += letter;
    } else if (letter === delimiter) {
      cells.push(cell.trim());
      cell = "";
    } else if (isEnd) {
      if (!isEmpty()) yield { line: start, cells: [...cells, cell.trim()] };
      [cells, cell] = [[], ""];
    } else {
      cell += letter;
    }
    if (isEnd) line += 1;
    if (isEnd && !isQuoted) start = line;
  }
}

/**
 * Give how cells are read. A comma is that of a decimal where it delimits nothing, unless points are
 * used too, or every comma may part thousands.
 */
function readerOf(records, delimiter) {
  const plain = (cell) => (NUMBER.test(cell) ? Number(cell) : Number.NaN);
  if (delimiter === ",") return plain;
  const cells = records.flatMap((record) => record.cells);
  const decimals = cells.filter((cell) => NUMBER.test(cell.replace(",", ".")) && /,/.test(cell));
  const hasPoints = cells.some((cell) => NUMBER.test(cell) && cell.includes("."));
  const isUnclear = delimiter === "\t" && decimals.every((cell) => THOUSANDS.test(cell));
  return hasPoints || isUnclear ? plain : (cell) => plain(cell.replace(",", "."));
}

/** Give the places of the columns that hold numbers, and of those chosen for x and y. */
export function columnsOf({ names, records, numberIn }) {
  const fitting = records.filter(({ cells }) => !misfitOf(cells, names));
  const numeric = [...names.keys()].filter(
    (place) => fitting.filter(({ cells }) => !Number.isNaN(numberIn(cells[place]))).length > 1,
  );
  const isTarget = (place) => TARGETS.includes(names[place].toLowerCase());
  const y = numeric.find(isTarget) ?? numeric.at(-1);
  return { numeric, x: numeric.find((place) => place !== y), y };
}

/** Take two columns: their rows, and the lines that cannot be used, each with its reason. */
export function rowsOf({ names, records, numberIn }, x, y) {
  const [rows, unused] = [{ x: [], y: [] }, []];
  for (const { line, cells } of records) {
    const why = misfitOf(cells, names) || troubleIn([x, y], { names, cells, numberIn });
    if (why) {
      unused.push({ line, why });
    } else {
      rows.x.push(numberIn(cells[x]));
      rows.y.push(numberIn(cells[y]));
    }
  }
  return { rows, unused };
}

/** Say so where a record has not one cell for each name, empty ones after them left out. */
function misfitOf(cells, names) {
  const fits = cells.length >= names.length && !cells.slice(names.length).some(Boolean);
  return fits ? "" : `${count(cells.length, "cell")}, not ${names.length}`;
}

/** Say which of these cells is the first that is no number. */
function troubleIn(places, { names, cells, numberIn }) {
  const wrong = places.find((place) => !Number.isFinite(numberIn(cells[place])));
  if (wrong === undefined) return "";
  const [name, cell] = [names[wrong], cells[wrong]];
  return cell ? `${name} is '${cell.slice(0, 20)}'`.replace(UNSEEN, "�") : `no ${name}`;
}
