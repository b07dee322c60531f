/** How numbers are written, as in cells.py: the mark of decimals, and that between thousands. */

const SEVERAL = { " ": " \u00a0\u202f", "'": "'’" };

class Notation {
  #decimal;
  #group;
  #pattern;

  constructor(decimal, thousands = "") {
    this.#decimal = decimal;
    this.#group = thousands && new RegExp(`[${SEVERAL[thousands] ?? thousands}]`, "g");
    const point = `\\${decimal}`;
    const grouped = thousands && `[1-9]\\d{0,2}(?:${this.#group.source}\\d{3})+|`;
    const number = `(?:(?:${grouped}\\d+)(?:${point}\\d*)?|${point}\\d+)(?:[eE][+-]?\\d+)?`;
    this.#pattern = new RegExp(`^[+-]?${number}$`);
  }

  /** Read a cell, NaN where it is no number. */
  read(cell) {
    const text = cell.replace("−", "-");
    if (!this.#pattern.test(text)) return Number.NaN;
    const bare = this.#group ? text.replace(this.#group, "") : text;
    return Number(bare.replace(this.#decimal, "."));
  }
}

export const PLAIN = new Notation(".");

const NOTATIONS = [
  PLAIN,
  new Notation(","),
  ...[" ", "'"].flatMap((mark) => [new Notation(".", mark), new Notation(",", mark)]),
  new Notation(".", ","),
  new Notation(",", "."),
  new Notation(".", "_"),
];

/** Tell whether a cell is a number in some notation. */
export function isNumber(cell) {
  return NOTATIONS.some((notation) => !Number.isNaN(notation.read(cell)));
}

/**
 * Find how the numbers in some columns are written: {ways, first, cell}. Of the `ways` the `first` is
 * taken unless another is chosen; it is -1 where they contradict each other. They differ in what this
 * `cell` is.
 */
export function notationOf(columns, { commasDelimit }) {
  const seen = columns.flat();
  const isRead = (notation) => seen.every((cell) => !Number.isNaN(notation.read(cell)));
  const whole = NOTATIONS.filter(isRead);
  const isPlain = whole.includes(PLAIN);
  const cell = isPlain
    ? !commasDelimit && columns.map(mixedCell).find(Boolean)
    : seen.find((each) => Number.isNaN(PLAIN.read(each)));
  if (!cell || !whole.length) return { ways: [PLAIN], first: 0 };
  const ways = whole.filter(
    (way, place) => whole.findIndex((other) => other.read(cell) === way.read(cell)) === place,
  );
  ways.sort((one, other) => Math.abs(other.read(cell)) - Math.abs(one.read(cell)));
  if (isPlain) return { ways, first: ways.indexOf(PLAIN), cell };
  const isCertain = seen.every((each) =>
    whole.every((way) => way.read(each) === ways[0].read(each)),
  );
  return { ways, first: isCertain && !commasDelimit ? 0 : -1, cell };
}

/**
 * Find a number that may have a mark of thousands: three digits follow that of each in the column,
 * beside whole numbers without one. Of measurements to three decimals, each would have the mark.
 */
function mixedCell(column) {
  const marked = column.filter((cell) => cell.includes("."));
  const isGrouped = marked.every((cell) => /^[+-]?[1-9]\d{0,2}\.\d{3}$/.test(cell));
  const hasWhole = column.some((cell) => /^[+-]?[1-9]\d+$/.test(cell));
  return isGrouped && hasWhole ? marked[0] : undefined;
}
