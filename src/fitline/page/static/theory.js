/** What theory knows of a run before it is run: the number of steps, and what a rate leads to. */

import { isBatched } from "./batches.js";
import {
  dot,
  preconditionerOf,
  product,
  scaled,
  scalingOf,
  squaredError,
  transposed,
} from "./mathematics.js";
import { number } from "./numbers.js";
import { PLAIN, ratesOf } from "./optimizers.js";
import { isConstant } from "./schedules.js";
import { startOf } from "./set-up.js";

/** Only of plain descent on squared error, at one rate, is the number of steps known before. */
export function hasTheory(table, setUp) {
  const isPlain = setUp.optimizer.name === PLAIN && !setUp.lineSearch;
  return table.isBowl && isPlain && isConstant(setUp) && !isBatched(table, setUp);
}

/**
 * Predict how many steps plain descent on squared error takes, without taking them.
 *
 * Along each eigenvector a step multiplies what is left by 1 − η·λ.
 */
export function predictedSteps(table, setUp) {
  const { left, eigenvectors, kept } = modesOf(table, setUp);
  const preconditioned = preconditionerOf(table.moments, scalingOf(setUp.scaling, table.moments));
  const seen = eigenvectors.map((vector) => preconditioned(product(transposed(kept), vector)));
  const parts = transposed(seen);
  const isThere = (rest) =>
    Math.hypot(...parts.map((part) => 2 * dot(part, rest))) <= setUp.tolerance;
  return stepsUntil(table, setUp, left, isThere);
}

/** Predict after how many steps the excess cost is a part of what it is at the start. */
export function predictedStepsToPart(table, setUp, part) {
  const { left } = modesOf(table, setUp);
  const whole = dot(left, left);
  if (!Number.isFinite(whole)) return Number.POSITIVE_INFINITY;
  return stepsUntil(table, setUp, left, (rest) => dot(rest, rest) <= part * whole);
}

/** Give the offset of the start from the minimum by the eigenvectors; its square is the excess. */
function modesOf(table, setUp) {
  const { moments } = table;
  const scaling = scalingOf(setUp.scaling, moments);
  const { minimum, root } = squaredError(moments, scaling);
  const start = scaled(startOf(setUp), scaling);
  const offset = start.map((value, place) => value - minimum[place]);
  const kept = root.filter((_, row) => moments.weights[row] > 0);
  const eigenvectors = transposed(table.bowls[scaling.kind].directions);
  return { left: product(eigenvectors, product(kept, offset)), eigenvectors, kept };
}

/** Find the first step at which what is left is there; infinite where it never is. */
function stepsUntil(table, setUp, left, isThere) {
  if (!left.every(Number.isFinite)) return Number.POSITIVE_INFINITY;
  const factors = factorsOf(table, setUp);
  const arrived = (steps) => isThere(left.map((part, place) => part * factors[place] ** steps));
  if (arrived(0)) return 0;
  if (factors.some((factor, place) => left[place] !== 0 && factor >= 1)) {
    return Number.POSITIVE_INFINITY;
  }
  return firstThat(arrived);
}

/** Give what a step of plain descent leaves in the direction of each eigenvector. */
function factorsOf(table, { rate, scaling }) {
  return table.bowls[scaling].eigenvalues.map((value) => Math.abs(1 - rate * value));
}

function firstThat(arrived) {
  let [few, many] = [0, 1];
  while (many < Number.POSITIVE_INFINITY && !arrived(many)) [few, many] = [many, 2 * many];
  const middleOf = () => Math.floor((few + many) / 2);
  for (let middle = middleOf(); few < middle && middle < many; middle = middleOf()) {
    [few, many] = arrived(middle) ? [few, middle] : [middle, many];
  }
  return many;
}

/** Give the part of the distance that a step leaves, in the slowest direction. */
export function slowestFactor(table, setUp) {
  return Math.max(...factorsOf(table, setUp));
}

/** Name the learning rates: each zone reaches up to a rate; no zone is empty. */
export function zonesOf(table, setUp) {
  const rates = ratesOf(table, setUp);
  if (!rates || setUp.lineSearch || isBatched(table, setUp)) return [];
  const endless = Number.POSITIVE_INFINITY;
  if (!table.squared) {
    const stays = setUp.optimizer.name === PLAIN ? "certainly stable" : "never diverges";
    return [
      { name: `${stays} up to ${number(rates.stable, 3)}`, kind: "good", to: rates.stable },
      { name: "perhaps too large", kind: "oscillate", to: endless },
    ];
  }
  return [
    { name: "slow", kind: "slow", to: rates.best / 10 },
    { name: "good", kind: "good", to: rates.steady },
    { name: "oscillate", kind: "oscillate", to: rates.stable },
    { name: "diverge", kind: "diverge", to: endless },
  ];
}
