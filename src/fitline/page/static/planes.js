/**
 * Planes: the two parameters that are seen, and where the others are meanwhile.
 *
 * A pair is what a plane has of the parameters: the one that is drawn across, and the one up.
 * `spread` tells how far the bowl of squared error reaches along each of them where its walls are
 * 1 high. `effort` is how many residuals a cost takes. In a profile `at` gives all parameters.
 *
 * @typedef {[number, number]} Pair
 * @typedef {{axes: Pair, isProfile: boolean, effort: number, spread: Pair,
 *   cost: (pair: Pair) => number, at?: (pair: Pair) => number[]}} Plane
 */

import { deviationsOf, dot, squaredErrorInOriginalUnits, transposed } from "./mathematics.js";

/** What is left of a column that depends on others is so small a part of it. */
const NOTHING = 1e-11;

/** A plane that moves at every step is painted so many times as coarsely. */
const MOVING = 6;

/** Give the pair of parameters on two axes. */
export function pairOf(theta, [across, up]) {
  return [theta[across], theta[up]];
}

/** Give parameters with another pair on two axes. */
export function replaced(theta, [across, up], pair) {
  const moved = [...theta];
  [moved[across], moved[up]] = pair;
  return moved;
}

/**
 * Choose the axes that were asked for, or the two features that matter most: y changes most with a
 * deviation of theirs. Of one that depends on others this is not known.
 */
export function usualAxes({ moments, landmarks, open, axes }) {
  if (axes) return axes;
  const [{ theta }] = landmarks;
  const effects = deviationsOf(moments).map((deviation, before) => {
    const place = before + 1;
    return { place, size: open.has(place) ? -1 : Math.abs(theta[place] * deviation) };
  });
  effects.sort((one, other) => other.size - one.size);
  const [first, second] = effects.map(({ place }) => place);
  if (second === undefined) return [0, first];
  return first < second ? [first, second] : [second, first];
}

/** Look at two parameters while the others stay where they are in `theta`. @returns {Plane} */
export function sliceOf(table, axes, theta) {
  const columns = pairOf(rootOf(table), axes);
  const { upper } = factored(columns, [0, 1]);
  const point = [...theta];
  const isMoving = theta.length > 2;
  return {
    axes,
    isProfile: false,
    effort: isMoving ? table.rows * MOVING : table.rows,
    spread: spreadOfPair(upper, columns),
    cost(pair) {
      [point[axes[0]], point[axes[1]]] = pair;
      return table.surface(point);
    },
  };
}

/**
 * Look at two parameters of squared error while the others are at their best for each pair.
 *
 * The columns of the pair are taken last in a QR factorization of the completed square's root, so
 * that the last corner of R has the profile, which is a completed square too, and the rows above
 * tell how the others follow: origin + basis·pair. @returns {Plane}
 */
export function profileOf(table, axes) {
  const { minimum, floor } = squaredErrorInOriginalUnits(table.moments);
  const root = rootOf(table);
  const { upper, order } = factored(root, axes);
  const size = order.length;
  const corner = upper.slice(-2).map((row) => row.slice(-2));
  const [[long, across], [, short]] = corner;
  const basis = followed(upper, size - 2);
  return {
    axes,
    isProfile: true,
    effort: 1,
    spread: spreadOfPair(corner, pairOf(root, axes)),
    cost([first, second]) {
      const [one, other] = [first - minimum[axes[0]], second - minimum[axes[1]]];
      return floor + (long * one + across * other) ** 2 + (short * other) ** 2;
    },
    at(pair) {
      const [one, other] = [pair[0] - minimum[axes[0]], pair[1] - minimum[axes[1]]];
      const theta = [...minimum];
      for (const [place, [toOne, toOther]] of basis.entries()) {
        theta[order[place]] += toOne * one + toOther * other;
      }
      return replaced(theta, axes, pair);
    },
  };
}

/** Give the columns of the root of squared error: what each parameter changes, row by row. */
function rootOf({ moments }) {
  return transposed(squaredErrorInOriginalUnits(moments).root);
}

/**
 * Factor columns, those of two axes last, by modified Gram-Schmidt: R, and the order. What is left
 * of a column that depends on those before it is 0.
 */
function factored(given, axes) {
  const order = [...given.keys()].filter((place) => !axes.includes(place)).concat(axes);
  const least = order.map((place) => NOTHING * Math.hypot(...given[place]));
  const left = order.map((place) => given[place]);
  const upper = order.map(() => order.map(() => 0));
  for (const place of order.keys()) {
    const size = Math.hypot(...left[place]);
    if (size === 0) continue;
    upper[place][place] = size;
    const unit = left[place].map((value) => value / size);
    for (let later = place + 1; later < order.length; later += 1) {
      const shared = dot(left[later], unit);
      upper[place][later] = shared;
      const rest = left[later].map((value, row) => value - shared * unit[row]);
      left[later] = Math.hypot(...rest) > least[later] ? rest : rest.map(() => 0);
    }
  }
  return { upper, order };
}

/** Solve R for how the first parameters follow the last two; one without a say stays. */
function followed(upper, count) {
  const basis = [];
  for (let row = count - 1; row >= 0; row -= 1) {
    const size = upper[row][row];
    basis[row] = [0, 1].map((which) => {
      let sum = upper[row][count + which];
      for (let later = row + 1; later < count; later += 1) {
        sum += upper[row][later] * basis[later][which];
      }
      return size ? -sum / size : 0;
    });
  }
  return basis;
}

/**
 * Give how far the ellipse of height 1 reaches along each axis; where the ground is level, as far
 * as it would reach if there were no other feature.
 */
function spreadOfPair([[long, across], [, short]], columns) {
  const [first, second] = columns.map((column) => Math.hypot(...column.slice(1)) || 1);
  const reach = 1 / (short || Math.abs(across) || second);
  return [Math.hypot(1, short ? across * reach : 0) / (long || first), reach];
}
