/**
 * Planes: the two parameters that are seen, and where the others are meanwhile.
 *
 * A pair is what a plane has of the parameters: the one that is drawn across, and the one up, in the
 * coordinates of a scaling, its `kind`. `spread` tells how far the bowl of squared error reaches along
 * each of them where its walls are 1 high. `effort` is how many residuals a cost takes. `pair` gives
 * that of parameters in original units, and `put` gives parameters in original units where it is
 * another one: in a profile all others are then at their best, else where they were.
 *
 * @typedef {[number, number]} Pair
 * @typedef {{axes: Pair, kind: string, effort: number, spread: Pair, cost: (pair: Pair) => number,
 *   pair: (theta: number[]) => Pair, put: (theta: number[], pair: Pair) => number[]}} Plane
 */

import {
  deviationsOf,
  dot,
  original,
  scaled,
  scalingOf,
  squaredError,
  squaredErrorInOriginalUnits,
  transposed,
} from "./mathematics.js";

/** What is left of a column that depends on others is so small a part of it. */
const NOTHING = 1e-11;

/** A plane that moves at every step is painted so many times as coarsely. */
const MOVING = 6;

/** Name a parameter; of a scaled one the name has a mark, as in coordinates.py. */
export function parameterName(place, kind) {
  return `θ${place}${kind === "none" ? "" : "'"}`;
}

/** Give the pair of parameters on two axes. */
function pairOf(theta, [across, up]) {
  return [theta[across], theta[up]];
}

/** Give parameters with another pair on two axes. */
function replaced(theta, [across, up], pair) {
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
export function sliceOf(table, axes, theta, kind = "none") {
  const { root, scaling } = bowlIn(table, kind);
  const columns = pairOf(transposed(root), axes);
  const { upper } = factored(columns, [0, 1]);
  const point = scaled(theta, scaling);
  const isMoving = theta.length > 2;
  return {
    axes,
    kind,
    effort: isMoving ? table.rows * MOVING : table.rows,
    spread: spreadOfPair(upper, columns),
    cost(pair) {
      [point[axes[0]], point[axes[1]]] = pair;
      return table.surface(original(point, scaling));
    },
    pair: (other) => pairOf(scaled(other, scaling), axes),
    put: (other, pair) => original(replaced(scaled(other, scaling), axes, pair), scaling),
  };
}

/**
 * Look at two parameters of squared error while the others are at their best for each pair.
 *
 * The columns of the pair are taken last in a QR factorization of the completed square's root, so
 * that the last corner of R has the profile, which is a completed square too, and the rows above
 * tell how the others follow: origin + basis·pair. @returns {Plane}
 */
export function profileOf(table, axes, kind = "none") {
  const { minimum, floor, root, scaling } = bowlIn(table, kind);
  const columns = transposed(root);
  const { upper, order } = factored(columns, axes);
  const size = order.length;
  const corner = upper.slice(-2).map((row) => row.slice(-2));
  const [[long, across], [, short]] = corner;
  const basis = followed(upper, size - 2);
  return {
    axes,
    kind,
    effort: 1,
    spread: spreadOfPair(corner, pairOf(columns, axes)),
    cost([first, second]) {
      const [one, other] = [first - minimum[axes[0]], second - minimum[axes[1]]];
      return floor + (long * one + across * other) ** 2 + (short * other) ** 2;
    },
    pair: (theta) => pairOf(scaled(theta, scaling), axes),
    put(_, pair) {
      const [one, other] = [pair[0] - minimum[axes[0]], pair[1] - minimum[axes[1]]];
      const theta = [...minimum];
      for (const [place, [toOne, toOther]] of basis.entries()) {
        theta[order[place]] += toOne * one + toOther * other;
      }
      return original(replaced(theta, axes, pair), scaling);
    },
  };
}

/** Give squared error in the coordinates of a scaling. */
function bowlIn({ moments }, kind) {
  const scaling = scalingOf(kind, moments);
  const bowl =
    kind === "none" ? squaredErrorInOriginalUnits(moments) : squaredError(moments, scaling);
  return { ...bowl, scaling };
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
