/** Other rows than the page came with, another cost of them, and rows that are held out. */

import { byId, fillSelect } from "./controls.js";
import { count, number } from "./numbers.js";
import { rateFor } from "./optimizers.js";
import { lessonOn } from "./own-lesson.js";
import { isSame, numberIn, startingAt, startOf } from "./set-up.js";

/** Of so few rows each can be moved, and a link holds them all. */
export const MOST_EDITED = 60;

const SHARES = [0.1, 0.2, 0.3, 0.5];
const NO_SHARE = "none";

/** A choice is {table, cost, share}; `table` is null for rows that the page has not all. */
export class OwnData {
  #state;
  #listeners;
  #given;
  #first;
  /** The choice behind each lesson that was made, so that what is undone is known. */
  #choices = new WeakMap();
  #shown;

  constructor(state, listeners) {
    this.#state = state;
    this.#listeners = listeners;
    this.#given = state.lesson;
    this.#first = firstChoiceOf(state.lesson);
    this.#choices.set(state.lesson, this.#first);
    this.#shown = state.lesson;
    byId("own").hidden = !state.lesson.own;
    if (state.lesson.own) this.#wire();
    byId("own-says").textContent = this.#told(state.lesson);
  }

  get #choice() {
    return this.#choices.get(this.#state.lesson);
  }

  get table() {
    return this.#choice.table;
  }

  /** Tell whether there are so few rows that each can be moved. */
  get isEditable() {
    return Boolean(this.table) && this.table.rows.y.length <= MOST_EDITED;
  }

  /** The lesson of a copy of this page: the present one, where no address tells of its rows. */
  get copied() {
    const isTold = this.#choice === this.#first || Object.keys(this.written()).length > 0;
    return isTold ? this.#given : this.#state.lesson;
  }

  /** Take another table, and begin anew on it; give why that is impossible, or nothing. */
  open(table) {
    return this.#choose({ ...this.#choice, table }, { change: anew, isOther: true });
  }

  /** Take rows that have been changed; where it `holds`, more changes are to come. */
  edit(rows, { holds = false } = {}) {
    const { source } = this.table;
    const told = source.endsWith(EDITED) ? source : `${source}${EDITED}`;
    const table = { ...this.table, rows, source: told };
    return this.#choose({ ...this.#choice, table }, { holds, name: "rows" });
  }

  /** The fields of an address in which the choice is written. */
  written() {
    const { table, cost, share } = this.#choice;
    if (this.#choice === this.#first) return {};
    const fields = { cost, holdout: share ?? NO_SHARE };
    const preset = this.#given.own.presets.indexOf(table);
    if (preset >= 0) return { ...fields, data: preset + 1 };
    if (table === this.#first.table) return fields;
    if (!this.isEditable) return {};
    const { x, y, rows } = table;
    const told = rows.y.flatMap((value, row) => [rows.x[row], value]).join("_");
    return { ...fields, x, y, rows: told };
  }

  /** Take over what an address says; the rest is ignored. */
  restore(fragment) {
    if (!this.#given.own) return;
    const fields = new URLSearchParams(fragment.replace(/^#/, ""));
    const choice = this.#choiceIn(fields);
    if (!choice || this.#choose(choice, { change: anew, isOther: true })) this.#goBack();
  }

  #choiceIn(fields) {
    const { presets, costs } = this.#given.own;
    if (!["cost", "holdout", "data", "rows"].some((name) => fields.has(name))) return null;
    const cost = costs.find(({ name }) => name === fields.get("cost"))?.name ?? this.#first.cost;
    const share = fields.get("holdout") === NO_SHARE ? null : numberIn(fields.get("holdout"));
    const isShare = share === null || (share > 0 && share < 1);
    const table = presets[fields.get("data") - 1] ?? tableIn(fields) ?? this.#first.table;
    return table && { table, cost, share: isShare ? share : this.#first.share };
  }

  /** Show what is chosen. */
  show() {
    if (!this.#given.own) return;
    if (this.#shown !== this.#state.lesson) this.#showOther();
    const { table, cost, share } = this.#choice;
    const { presets } = this.#given.own;
    const isFirst = this.#choice === this.#first;
    const place = presets.indexOf(table);
    const isOwn = place < 0 && table !== this.#first.table;
    byId("own-rows").hidden = !isOwn;
    byId("own-rows").textContent = isOwn ? table.source : "";
    byId("rows").value = isOwn ? "own" : place < 0 ? "given" : place;
    byId("cost-function").value = cost;
    byId("holdout").value = share ?? NO_SHARE;
    for (const id of ["cost-function", "holdout"]) byId(id).disabled = !table;
    byId("go-back").hidden = isFirst;
  }

  #wire() {
    const { presets, costs } = this.#given.own;
    const { source } = this.#given;
    const names = [["given", source], ...presets.map(({ title }, place) => [place, title])];
    const options = names.map(([value, name]) => new Option(name, value));
    byId("own-rows").before(...options);
    byId("rows").addEventListener("change", ({ target }) => {
      if (target.value === "given") this.#goBack();
      else this.open(presets[target.value]);
    });
    const titles = costs.map(({ name, title }) => [name, title]);
    fillSelect(byId("cost-function"), Object.fromEntries(titles), (cost) => {
      this.#choose({ ...this.#choice, cost }, { change: withUsualRate });
    });
    const shares = [...new Set([...SHARES, this.#first.share])].filter(Boolean).sort();
    byId("holdout").append(
      new Option("none", NO_SHARE),
      ...shares.map((share) => new Option(`${number(100 * share)} %`, share)),
    );
    byId("holdout").addEventListener("change", ({ target }) => {
      this.#choose({ ...this.#choice, share: numberIn(target.value) ?? null });
    });
    byId("go-back").textContent = `Back to ${source}`;
    byId("go-back").addEventListener("click", () => this.#goBack());
  }

  /** Take the rows and the cost that the page came with. */
  #goBack() {
    if (this.#choice === this.#first) return;
    const isOther = this.#choice.table !== this.#first.table;
    this.#take(this.#first, this.#given, { change: anew, isOther });
  }

  #choose(choice, how = {}) {
    if (isSame(choice, this.#first)) {
      this.#goBack();
      return "";
    }
    try {
      this.#take(choice, lessonOn(this.#given, choice.table, choice), how);
      return "";
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      byId("own-says").textContent = error.message;
      this.show();
      return error.message;
    }
  }

  #take(choice, lesson, { change = () => ({}), isOther = false, holds = false, name }) {
    this.#choices.set(lesson, choice);
    this.#state.take(lesson, change, { keeps: !isOther, holds, name });
    this.#showOther(holds);
  }

  #showOther(holds = false) {
    this.#shown = this.#state.lesson;
    byId("own-says").textContent = this.#told(this.#shown);
    this.#listeners.changed();
    if (!holds) this.#listeners.framed();
  }

  #told({ held_out: unseen }) {
    const rings = unseen?.points ? ", drawn as rings" : "";
    const rows = unseen ? [`${count(unseen.rows, "row")} held out${rings}.`] : [];
    const isMoved = unseen && this.table?.source.endsWith(EDITED);
    const sides = isMoved
      ? ["A row that moves may change sides: a hash of its numbers decides."]
      : [];
    const isTold = this.copied === this.#given;
    const link = isTold ? [] : ["A link does not hold these rows; a download does."];
    return [...rows, ...sides, ...link].join(" ");
  }
}

const EDITED = ", edited";

/** What the page came with, as a choice. */
function firstChoiceOf(lesson) {
  const { cost, config, source, skipped, x, y, moments, weight, points } = lesson;
  const isWhole = x.length === 1 && moments.has_intercept && !weight && !points.sampled;
  const own = lesson.held_out ? lesson.own?.rows : { x: points.x[0], y: points.y };
  const rows = isWhole && own;
  const table = rows ? { source, skipped, x: x[0], y, rows } : null;
  return { table, cost: cost.name, share: config.holdout ?? null };
}

/** Read the rows in an address; undefined where it has none. */
function tableIn(fields) {
  const numbers = (fields.get("rows") ?? "").split("_").map(numberIn);
  const isWhole = numbers.every((value) => value !== undefined) && numbers.length % 2 === 0;
  if (!isWhole || numbers.length > 2 * MOST_EDITED) return undefined;
  const every = (odd) => numbers.filter((_, place) => place % 2 === odd);
  const [x, y] = [fields.get("x") || "x", fields.get("y") || "y"];
  return { source: `your rows`, skipped: 0, x, y, rows: { x: every(0), y: every(1) } };
}

/** Begin a run on other rows, at the rate of before where it makes sense. */
function anew(usual, table, setUp) {
  const kept = { ...setUp, ...penaltiesOn(table, setUp) };
  const rate = rateFor(table, kept, usual.rate);
  const { l2, l1 } = kept;
  return { ...startingAt(startOf(usual)), l2, l1, rate, schedule: usual.schedule };
}

/** Take the rate, and the schedule, that suit another cost. */
function withUsualRate(usual, table, setUp) {
  const rate = rateFor(table, { ...setUp, rate: usual.rate }, usual.rate);
  return { rate, schedule: usual.schedule, ...penaltiesOn(table, setUp) };
}

/** Robust costs have no penalty. */
function penaltiesOn({ squared }, { l2, l1 }) {
  return squared ? { l2, l1 } : { l2: 0, l1: 0 };
}
