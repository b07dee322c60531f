/**
 * Lasso: the penalty λ·Σ |θ'| on the slopes, as in elastic_net.py. Where a slope is 0 the cost has a
 * crease, so that many of the best slopes are exactly 0.
 */

import {
  dot,
  original,
  product,
  scaled,
  scalingOf,
  squaredError,
  transposed,
  unitOf,
} from "./mathematics.js";

const MOST_MOVES = 10_000;

/** A slope may be wrong by this part of what outweighs it, or of the deviation of y. */
const ROUNDED = 1e-13;

/**
 * Add the creases that a penalty makes in the coordinates of a scaling: give the minimum in original
 * units, and the cost in any coordinates, both of squared error that perhaps has a ridge in it.
 */
export function creased(moments, scaling, l1) {
  const standard = scalingOf("standard", moments);
  const shrinkageIn = ({ scale }) => [
    0,
    ...scale.map((each, place) => (l1 * scaling.scale[place]) / each),
  ];
  const bowl = squaredError(moments, standard);
  const lowest = [
    bowl.minimum[0],
    ...lowestSlopes(bowl, shrinkageIn(standard).slice(1), unitOf(moments)),
  ];
  const minimum = original(lowest, standard);
  const pull = bowl.gradient(lowest);
  const costIn = (own) => {
    const stretches = [1, ...own.scale.map((each, place) => standard.scale[place] / each)];
    return creasedCost({
      bowl: squaredError(moments, own),
      shrinkage: shrinkageIn(own),
      minimum: scaled(minimum, own),
      pull: pull.map((slope, place) => slope * stretches[place]),
      zeros: lowest.map((value) => value === 0),
    });
  };
  return { minimum, costIn };
}

/** J(θ) = bowl(θ) + Σ shrinkage·|θ|, whose excess is a sum of what is never negative. */
function creasedCost({ bowl, shrinkage, minimum, pull, zeros }) {
  const slopes = pull.map((slope, place) => {
    const most = shrinkage[place];
    return zeros[place]
      ? Math.max(-most, Math.min(most, slope))
      : -most * Math.sign(minimum[place]);
  });
  const sizes = (theta) => dot(shrinkage, theta.map(Math.abs));
  return {
    ...bowl,
    minimum,
    shrinkage,
    value: (theta) => bowl.value(theta) + sizes(theta),
    excess(theta) {
      const beyond = product(
        bowl.root,
        theta.map((value, place) => value - minimum[place]),
      );
      const creases = theta.map((value, place) =>
        Math.max(0, shrinkage[place] * Math.abs(value) + slopes[place] * value),
      );
      return dot(beyond, beyond) + creases.reduce((sum, each) => sum + each, 0);
    },
    /** The direction in which the cost rises fastest; on a crease the shortest of all. */
    gradient: (theta) =>
      bowl.gradient(theta).map((slope, place) => {
        const most = shrinkage[place];
        return theta[place] === 0
          ? Math.sign(slope) * Math.max(Math.abs(slope) - most, 0)
          : slope + most * Math.sign(theta[place]);
      }),
  };
}

/**
 * Find the slopes of the minimum in standardised coordinates.
 *
 * On the way to the bottom of the bowl one that becomes 0 stays so; at the end the one is let go
 * whose crease the bowl outweighs by most (H. Lee and others, 2007).
 */
function lowestSlopes({ root: whole, minimum }, weights, unit) {
  const root = whole.slice(1).map((row) => row.slice(1));
  const target = product(root, minimum.slice(1));
  const columns = transposed(root);
  const slopes = weights.map(() => 0);
  const signs = weights.map(() => 0);
  let letGo = -1;
  for (let moves = 0; moves < MOST_MOVES; moves += 1) {
    const kept = [...signs.keys()].filter((place) => signs[place]);
    if (kept.length) {
      const ends = bottomOf(
        kept.map((place) => columns[place]),
        target,
        kept.map((place) => weights[place] * signs[place]),
      );
      const ways = kept.map((place, at) => ({ place, move: ends[at] - slopes[place] }));
      const far = ({ place, move }) =>
        move * signs[place] < 0 ? -slopes[place] / move : Number.POSITIVE_INFINITY;
      const nearest = ways.reduce((best, one) => (far(one) < far(best) ? one : best));
      if (far(nearest) === 0 && nearest.place === letGo) break;
      const part = Math.min(1, far(nearest));
      for (const { place, move } of ways) slopes[place] += part * move;
      if (part < 1) {
        slopes[nearest.place] = 0;
        signs[nearest.place] = 0;
        continue;
      }
    }
    const left = product(root, slopes).map((value, row) => target[row] - value);
    const pulls = columns.map((column) => 2 * dot(column, left));
    const over = pulls.map((pull, place) =>
      signs[place] ? 0 : Math.abs(pull) - weights[place] * (1 + ROUNDED),
    );
    const place = over.indexOf(Math.max(...over));
    if (over[place] <= ROUNDED * unit) break;
    signs[place] = Math.sign(pulls[place]);
    letGo = place;
  }
  return slopes;
}

/** Find the bottom of |columns·θ − target|² + slope·θ, by a QR factorization of the columns. */
function bottomOf(columns, target, slope) {
  const units = [];
  const upper = columns.map(() => columns.map(() => 0));
  for (const [place, column] of columns.entries()) {
    let left = column;
    for (const _ of [1, 2]) {
      for (const [before, unit] of units.entries()) {
        const shared = dot(left, unit);
        upper[before][place] += shared;
        left = left.map((value, row) => value - shared * unit[row]);
      }
    }
    upper[place][place] = Math.hypot(...left);
    units.push(left.map((value) => value / upper[place][place]));
  }
  const half = solvedUpwards(transposed(upper), slope).map((value) => value / 2);
  const seen = units.map((unit, place) => dot(unit, target) - half[place]);
  const solution = seen.map(() => 0);
  for (let row = seen.length - 1; row >= 0; row -= 1) {
    solution[row] = (seen[row] - dot(upper[row], solution)) / upper[row][row];
  }
  return solution;
}

/** Solve a lower triangular system from above. */
function solvedUpwards(lower, vector) {
  const solution = vector.map(() => 0);
  for (const [row, value] of vector.entries()) {
    solution[row] = (value - dot(lower[row], solution)) / lower[row][row];
  }
  return solution;
}
