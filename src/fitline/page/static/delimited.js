/** Tables of delimited text: commas, semicolons, bars or tabs, quoted cells, and a header or none. */

import { isNumber, notationOf, PLAIN } from "./notations.js";
import { count } from "./numbers.js";

export const MOST_CHARACTERS = 1_000_000;

/** A page takes no more rows than these. */
export const MOST_ROWS = 2000;

const DELIMITERS = ["\t", ";", "|", ","];

/** A column of such a name is what is to be learned, as in columns.py. */
const TARGETS = ["y", "price", "target", "label"];

/** Cells that say that there is no value, in lower case, as in cells.py. */
const NOTHING = ["", "na", "n/a", "nan", "null", "-", "?", "."];

/** What would change the page's direction or its lines, or is not seen. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Read a table below its titles: the names of its columns, and its records as {line, cells}, where
 * cells are texts. `numberIn` reads a cell, NaN where it is no number. Where numbers may be written
 * in several `ways`, they are read in the one that is `chosen`; `way` is its place, -1 where none is
 * taken, and the ways differ in what the cell `doubted` is.
 */
export function tableOfText(text, chosen) {
  const delimiter = delimiterOf(text);
  const records = [...recordsOf(text.replace(/^\ufeff/, ""), delimiter)];
  const above = records.findIndex(({ cells }) => cells.length > 1 || !isName(cells[0]));
  records.splice(0, above);
  const [first = { cells: [] }] = records;
  const isNamed = first.cells.some(isName);
  if (isNamed) records.shift();
  const names = first.cells.map((cell, place) => {
    return (isNamed && cell.replace(UNSEEN, "�")) || `c${place + 1}`;
  });
  const fitting = records.filter(({ cells }) => !misfitOf(cells, names));
  const columns = [...names.keys()].map((place) => numbersOf(fitting, place));
  const found = notationOf(columns, { commasDelimit: delimiter === "," && names.length > 1 });
  const way = chosen ?? found.first;
  const notation = found.ways[way] ?? PLAIN;
  const numberIn = (cell) => notation.read(cell);
  return { names, records, numberIn, ways: found.ways, way, doubted: found.cell };
}

/** Tell whether a cell of the first line names a column: it is no number, nor one such as 50%. */
function isName(cell) {
  return cell !== "" && !isNumber(cell) && (/\p{L}/u.test(cell) || !/\d/.test(cell));
}

/** Give the cells of a column that are numbers in some notation, if half of them are. */
function numbersOf(records, place) {
  const filled = records.map(({ cells }) => cells[place]).filter((cell) => !isMissing(cell));
  const numbers = filled.filter(isNumber);
  return 2 * numbers.length >= filled.length ? numbers : [];
}

function isMissing(cell) {
  return NOTHING.includes(cell.toLowerCase());
}

/** Choose the first delimiter that stands in the first line with any: titles above have none. */
function delimiterOf(text) {
  const lines = text.replace(/"[^"]*"/g, "").split(/\r?\n|\r/);
  const found = lines.map((line) => DELIMITERS.find((delimiter) => line.includes(delimiter)));
  return found.find(Boolean) ?? ",";
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
export function rowsOf(table, x, y) {
  const { records, numberIn } = table;
  const [rows, unused] = [{ x: [], y: [] }, []];
  for (const { line, cells } of records) {
    const why = troubleIn(cells, table, [x, y]);
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

/** Say why a record cannot be used: its length, or the first of the cells wanted that is no number. */
function troubleIn(cells, { names, numberIn }, places) {
  const misfit = misfitOf(cells, names);
  if (misfit) return misfit;
  const wrong = places.find((place) => !Number.isFinite(numberIn(cells[place])));
  if (wrong === undefined) return "";
  const [name, cell] = [names[wrong], cells[wrong]];
  return cell ? `${name} is '${cell.slice(0, 20)}'`.replace(UNSEEN, "�") : `no ${name}`;
}

/** Say why a table has no two columns of numbers, and what would be right. */
export function whyNoColumns(table) {
  const { names, records } = table;
  if (names.length < 2) return "Put commas, semicolons or tabs between two columns of numbers.";
  const wrongs = records.map(({ line, cells }) => {
    return { line, cells, why: troubleIn(cells, table, [...names.keys()]) };
  });
  const [wrong] = wrongs.filter(({ why }) => why);
  if (!wrong)
    return `${count(records.length, "row")} cannot determine a line; it takes two or more.`;
  const advice = adviceOn(wrong.cells, table);
  return `A line needs two columns of numbers. Line ${wrong.line}: ${wrong.why}${advice}.`;
}

/** Say how the first cell that is no number may be one: without what is put around it. */
function adviceOn(cells, { names, numberIn }) {
  const wrong = misfitOf(cells, names)
    ? undefined
    : cells.find((cell) => Number.isNaN(numberIn(cell)));
  const bare = wrong?.replace(/^[\p{Sc}%'’\s]+|[\p{Sc}%'’\s]+$/gu, "") ?? "";
  return wrong !== bare && isNumber(bare) ? `; write ${bare}` : "";
}
