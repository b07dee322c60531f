/**
 * Penalties on the slopes in the coordinates that train, as in penalty.py: λ2·Σ θ'² (ridge) and
 * λ1·Σ |θ'| (lasso).
 */

import { creased } from "./lasso.js";
import {
  dot,
  scalingOf,
  spreadOf,
  squaredError,
  squaredErrorInOriginalUnits,
} from "./mathematics.js";

/** The slider reaches from such parts of the steepest curvature to so many times it; before, to 0. */
const [LIGHTEST, HEAVIEST] = [-5, 1.5];

/** Rotations that turn a pair by less change nothing. */
const LEAST_TURN = 1e-15;
const MOST_SWEEPS = 40;

/** Give a table with the penalty of a set-up in its cost; it is another bowl. */
export function penalised(table, { l2, l1, scaling: kind }) {
  if (!(l2 || l1) || !table.squared) return table;
  const key = `${kind} ${l2} ${l1}`;
  if (!table.penalised.has(key)) {
    const scaling = scalingOf(kind, table.moments);
    const moments = l2 ? ridged(table.moments, scaling, l2) : table.moments;
    const { minimum: theta, costIn } = l1
      ? creased(moments, scaling, l1)
      : { minimum: moments.theta, costIn: (own) => squaredError(moments, own) };
    const surface = l1 ? costIn(scalingOf("none", moments)) : squaredErrorInOriginalUnits(moments);
    const cost = surface.value(theta);
    table.penalised.set(key, {
      ...table,
      moments,
      landmarks: [{ theta, cost, kind: "global" }],
      lowest: cost,
      surface: surface.value,
      isBowl: !l1,
      costIn,
      bowls: l2 ? { [kind]: bowlOf(squaredError(moments, scaling)) } : table.bowls,
      open: new Set(),
    });
  }
  return table.penalised.get(key);
}

/** Give the logarithms of the weights between which the slider chooses. */
export function weightRange({ moments }, { scaling }) {
  const { deviations } = spreadOf(moments, scalingOf(scaling, moments));
  const steepest = Math.log10(Math.max(...deviations) ** 2 || 1);
  return [steepest + LIGHTEST, steepest + HEAVIEST];
}

/** The slider of a lasso reaches from such a part of the least weight at which all slopes are 0. */
const LIGHTEST_LASSO = -3.5;
const BEYOND_ALL = 0.1;

/** Do the same for a lasso; it ends where all slopes are 0. */
export function lassoRange({ moments }, { scaling: kind }) {
  const scaling = scalingOf(kind, moments);
  const { minimum, gradient } = squaredError(moments, scaling);
  const level = moments.has_intercept ? moments.y_mean - scaling.yShift : 0;
  const [, ...pulls] = gradient([level, ...minimum.slice(1).map(() => 0)]);
  const least = Math.log10(Math.max(...pulls.map(Math.abs)) || 1);
  return [least + LIGHTEST_LASSO, least + BEYOND_ALL];
}

/** Turn a place on the slider, from 0 to 1, into a weight. */
export function weightAt(place, [low, high]) {
  return place > 0 ? 10 ** (low + place * (high - low)) : 0;
}

export function placeOfWeight(weight, [low, high]) {
  return weight > 0 ? (Math.log10(weight) - low) / (high - low) : 0;
}

/**
 * Add the rows that the penalty stands for, √λ·scale in a column each, to the completed square.
 *
 * They and the square's root are factored as Q·R by modified Gram-Schmidt; of their right side, as
 * a last column, Qᵀ tells the minimum, and what is left how much the floor rises.
 */
function ridged(moments, { scale }, l2) {
  const { root, minimum, floor } = squaredErrorInOriginalUnits(moments);
  const added = scale.map((each, place) =>
    minimum.map((_, at) => isAt(at, place, each * Math.sqrt(l2))),
  );
  const rows = [...root, ...added];
  const target = rows.map((row, place) => (place < root.length ? dot(row, minimum) : 0));
  const left = [...minimum.keys()].map((place) => rows.map((row) => row[place]));
  left.push(target);
  const size = minimum.length;
  const upper = left.map(() => left.map(() => 0));
  for (let place = 0; place < size; place += 1) {
    const length = Math.hypot(...left[place]);
    upper[place][place] = length;
    if (!length) continue;
    for (let later = place + 1; later <= size; later += 1) {
      const shared = dot(left[later], left[place]) / length;
      upper[place][later] = shared;
      left[later] = left[later].map((value, row) => value - (shared * left[place][row]) / length);
    }
  }
  const weights = minimum.map((_, place) => upper[place][place] ** 2);
  const unit_triangular = minimum.map((_, row) =>
    minimum.map((_, column) => {
      if (row === column) return 1;
      return weights[row] ? upper[row][column] / upper[row][row] : 0;
    }),
  );
  const theta = minimum.map(() => 0);
  for (let row = size - 1; row >= 0; row -= 1) {
    if (!weights[row]) continue;
    const others = dot(unit_triangular[row].slice(row + 1), theta.slice(row + 1));
    theta[row] = upper[row][size] / upper[row][row] - others;
  }
  const rise = left[size].reduce((sum, value) => sum + value * value, 0);
  return { ...moments, theta, floor: floor + rise, unit_triangular, weights };
}

function isAt(at, place, value) {
  return at === place + 1 ? value : 0;
}

/**
 * Give the eigenvalues of the Hessian, the steepest first, and the eigenvectors as columns, in
 * standardised coordinates: by rotations of pairs of rows until all are at right angles
 * (M. Hestenes, 1958).
 */
export function bowlOf({ root }) {
  const rows = root.filter((row) => row.some(Boolean)).map((row) => [...row]);
  const turns = rows.map((_, place) => rows.map((_, other) => Number(place === other)));
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep += 1) {
    let turned = false;
    for (let one = 0; one < rows.length; one += 1) {
      for (let other = one + 1; other < rows.length; other += 1) {
        turned = turnedPair(rows, turns, one, other) || turned;
      }
    }
    if (!turned) break;
  }
  const found = rows.map((row, place) => ({ value: 2 * dot(row, row), turn: turns[place] }));
  found.sort((one, other) => other.value - one.value);
  const directions = rows.map((_, row) => found.map(({ turn }) => turn[row]));
  return { eigenvalues: found.map(({ value }) => value), directions };
}

/** Turn two rows so that they are at right angles; give whether they were not. */
function turnedPair(rows, turns, one, other) {
  const [long, short] = [dot(rows[one], rows[one]), dot(rows[other], rows[other])];
  const across = dot(rows[one], rows[other]);
  if (Math.abs(across) <= LEAST_TURN * Math.sqrt(long * short)) return false;
  const slope = (short - long) / (2 * across);
  const tangent = (slope < 0 ? -1 : 1) / (Math.abs(slope) + Math.hypot(1, slope));
  const cosine = 1 / Math.hypot(1, tangent);
  const sine = cosine * tangent;
  for (const matrix of [rows, turns]) {
    const [first, second] = [matrix[one], matrix[other]];
    matrix[one] = first.map((value, place) => cosine * value - sine * second[place]);
    matrix[other] = first.map((value, place) => sine * value + cosine * second[place]);
  }
  return true;
}
