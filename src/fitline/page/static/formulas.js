/** The next step of each optimizer, written out with today's numbers. */

import { original } from "./mathematics.js";
import { count, factor, number } from "./numbers.js";
import { parameterName } from "./planes.js";
import { isConstant, rateAt } from "./schedules.js";
import { made, pointText, reasonText, sentence } from "./text.js";

/** How the settings are written; an epsilon is too small to tell of. */
export const SYMBOLS = { momentum: "β", decay: "ρ", beta1: "β1", beta2: "β2" };

/** Enough digits for a number in between; of Adam's there are many in a line. */
const DIGITS = 4;
const ADAMS_DIGITS = 3;

const short = (value, digits = DIGITS) => number(value, digits);
const shortFactor = (value, digits) =>
  value < 0 ? `(${short(value, digits)})` : short(value, digits);

/**
 * For each optimizer its rule in symbols; how it writes what it remembers of a parameter, from
 * what it remembered before, the slope `g` and what it remembers after; and the negative of its
 * direction, which the step length is multiplied with.
 */
const FORMULAS = {
  gradient_descent: {
    rule: "New ← old − rate × gradient",
    memory: () => [],
    negativeDirection: ({ g }) => factor(g),
  },
  momentum: {
    rule: "v ← β·v + gradient, new ← old − rate × v",
    memory: ({ g, before, after, momentum }) => [
      `${short(momentum)} × ${shortFactor(before[0])} + ${shortFactor(g)} = ${short(after[0])}`,
    ],
    names: ["v"],
    negativeDirection: ({ after }) => shortFactor(after[0]),
  },
  nesterov: {
    rule: "v ← β·v + gradient, new ← old − rate × (gradient + β·v)",
    memory: (now) => FORMULAS.momentum.memory(now),
    names: ["v"],
    negativeDirection: ({ g, after, momentum }) =>
      `(${short(g)} + ${short(momentum)} × ${shortFactor(after[0])})`,
  },
  adagrad: {
    rule: "s ← s + g², new ← old − rate × g / (√s + ε)",
    memory: ({ g, before, after }) => [
      `${short(before[0])} + ${shortFactor(g)}² = ${short(after[0])}`,
    ],
    names: ["s"],
    negativeDirection: ({ g, after, epsilon }) => over(g, after[0], epsilon),
  },
  rmsprop: {
    rule: "s ← ρ·s + (1 − ρ)·g², new ← old − rate × g / (√s + ε)",
    memory: ({ g, before, after, decay }) => [averaged(decay, before[0], g, "²", after[0])],
    names: ["s"],
    negativeDirection: ({ g, after, epsilon }) => over(g, after[0], epsilon),
  },
  adam: {
    rule: "m̂ and ŝ are m and s, freed of their start at 0; new ← old − rate × m̂ / (√ŝ + ε)",
    memory({ g, before, after, beta1, beta2 }) {
      const freed = [0, 1].map((place) =>
        short(after[place] / (1 - after[place + 2]), ADAMS_DIGITS),
      );
      return [
        `${averaged(beta1, before[0], g, "", after[0], ADAMS_DIGITS)}, m̂ = ${freed[0]}`,
        `${averaged(beta2, before[1], g, "²", after[1], ADAMS_DIGITS)}, ŝ = ${freed[1]}`,
      ];
    },
    names: ["m", "s"],
    negativeDirection: ({ after, epsilon }) =>
      over(after[0] / (1 - after[2]), after[1] / (1 - after[3]), epsilon),
  },
};

function averaged(kept, before, g, power, after, digits) {
  const old = `${short(kept)} × ${shortFactor(before, digits)}`;
  return `${old} + ${short(1 - kept)} × ${shortFactor(g, digits)}${power} = ${short(after, digits)}`;
}

/** Divide by a root and an epsilon. */
function over(value, square, epsilon) {
  return `${shortFactor(value)} / ${short(Math.sqrt(square) + epsilon)}`;
}

/** Say the rule in symbols. */
export function ruleText({ run, isSeveral }) {
  const { rule } = FORMULAS[run.setUp.optimizer.name];
  return isSeveral
    ? `${rule}, all from the same old point. Here for the two on the map.`
    : `${rule}, both from the same old point.`;
}

/** The update with today's numbers, in the coordinates that train and in original units. */
export function formulaLines({ run, step, plane: { axes } }) {
  if (!run.after(step)) return [made("p", `${sentence(reasonText(run))}.`)];
  const { end } = run.firstUpdates[step];
  const lines = axes.map((place) => formula(run, step, place));
  const notes = [batchText(run), rateText(run, step), unitsText(run, end, axes)].filter(Boolean);
  return [...lines, ...notes.map((text) => made("p", text, { class: "says" }))];
}

function formula(run, step, place) {
  const { optimizer } = run.setUp;
  const update = FORMULAS[optimizer.name];
  const first = run.firstUpdates[step];
  const [old, slope, next] = [run.thetas[step], first.gradient, first.end].map((all) => all[place]);
  const [before, after] = [run.memories[step][place], first.memories[place]];
  const now = { ...optimizer, g: slope / run.unit, before, after };
  const remembered = update
    .memory(now)
    .map((text, line) => made("span", `${update.names[line]} ← ${text}`));
  const length = lengthText(run, step);
  const move = `${parameterName(place, run.setUp.scaling)} ← ${number(old)} − ${length} × ${update.negativeDirection(now)} = `;
  const values = { "data-old": old, "data-slope": slope, "data-next": next };
  const led = first.led[place];
  const via = led === next ? "" : `${number(led)}, held at the crease at 0: `;
  const moved = made("span", [move, via, made("b", number(next))]);
  return made("div", [...remembered, moved], { class: "formula", ...values });
}

/** A rate is written as it was chosen; a length that was computed, shortly. */
function lengthText(run, step) {
  const { length } = run.firstUpdates[step];
  return length === run.setUp.rate ? number(run.setUp.rate) : short(length);
}

/** Say which of several updates is written out, and which rows it sees. */
function batchText({ batches, table }) {
  if (!batches) return "";
  const [rows, updates] = [count(batches.size, "row"), count(batches.eachEpoch, "update")];
  const own = table.isSample ? " The page draws its batches from the rows that it shows." : "";
  return `The first of ${updates} of the epoch; its gradient is that of ${rows}.${own}`;
}

/** Say what the length is, where it is not the rate alone. */
function rateText({ setUp, unit, batches, firstUpdates }, step) {
  const length = short(firstUpdates[step].length);
  if (setUp.lineSearch) return `${length} is the length that the search found.`;
  const now = short(rateAt(setUp, step * (batches?.eachEpoch ?? 1)));
  if (unit !== 1) return `${length} is ${now} × ${short(unit)}, the spread of y, the unit of g.`;
  return isConstant(setUp) ? "" : `The rate is ${now} by now.`;
}

function unitsText({ setUp, scaling }, after, axes) {
  if (setUp.scaling === "none") return "Without scaling, these are the table's own units.";
  const names = axes.map((place) => parameterName(place, setUp.scaling)).join(" and ");
  const where = pointText(original(after, scaling), axes);
  return `${names} of the scaled table (${setUp.scaling}). In its own units: ${where}.`;
}
