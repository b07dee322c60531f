/**
 * Down to the minima of a robust cost of one feature, as in settling.py.
 *
 * A point is [height, slope] where x is standardised and y is less its mean; a matrix of second
 * derivatives is [∂²/∂height², ∂²/∂height∂slope, ∂²/∂slope²].
 */

import { lossOf } from "./mathematics.js";

const ROUNDS = 1000;
const HALVINGS = 12;
const DAMPINGS = [1e-8, 1e-6, 1e-4, 1e-2, 1];

/** Walls that bend so little beside the steepest make no bowl. */
const FLAT = 1e-12;

/** The mean loss of rows in these coordinates. */
export function costOf({ x, y }, { name, scale, is_convex: isConvex }, moments) {
  const { loss, psi, secondDerivative } = lossOf({ name, scale });
  const width = Math.sqrt(moments.x_variance[0]);
  const z = Float64Array.from(x, (value) => (value - moments.x_mean[0]) / width);
  const heights = Float64Array.from(y, (value) => value - moments.y_mean);
  /** Average, over the rows, of what a residual tells, times 1, z and z². */
  const means = ([height, slope], told, sums) => {
    for (let row = 0; row < z.length; row += 1) {
      const value = told(heights[row] - height - slope * z[row]) / z.length;
      sums[0] += value;
      if (sums.length > 1) sums[1] += value * z[row];
      if (sums.length > 2) sums[2] += value * z[row] * z[row];
    }
    return sums;
  };
  const weight = (residual) => (residual === 0 ? 2 : psi(residual) / residual);
  return {
    z,
    heights,
    scale,
    isConvex,
    value: (point) => means(point, loss, [0])[0],
    gradient: (point) => means(point, psi, [0, 0]).map((mean) => -mean),
    hessian: (point) => means(point, secondDerivative, [0, 0, 0]),
    reweighted: (point) => means(point, weight, [0, 0, 0]),
  };
}

export function sizeOf([height, slope]) {
  return Math.hypot(height, slope);
}

export function moved([height, slope], [up, tilt], times = 1) {
  return [height + times * up, slope + times * tilt];
}

/** Give the eigenvalues of a matrix of second derivatives, the smaller one first. */
export function bendsOf([first, mixed, second]) {
  const [middle, apart] = [(first + second) / 2, Math.hypot((first - second) / 2, mixed)];
  return [middle - apart, middle + apart];
}

/** Give the way on which a gradient would vanish; undefined where none is told. */
export function wayOf([first, mixed, second], [up, tilt]) {
  const determinant = first * second - mixed * mixed;
  if (determinant === 0) return undefined;
  return [(mixed * tilt - second * up) / determinant, (mixed * up - first * tilt) / determinant];
}

/** Go down to the minimum of a valley, until no move goes lower. */
export function settled(cost, start) {
  let point = start;
  let level = cost.value(point);
  for (let round = 0; round < ROUNDS; round += 1) {
    const next = lowerThan(cost, point, level);
    if (!next) return sharpened(cost, point);
    [point, level] = [next.point, next.level];
  }
  return point;
}

function lowerThan(cost, point, level) {
  for (const move of movesDown(cost, point)) {
    const there = move && moved(point, move);
    const reached = there ? cost.value(there) : Number.NaN;
    if (reached < level) return { point: there, level: reached };
  }
  return undefined;
}

/** Give Newton's move, ever shorter, and then that of weighted least squares. */
function* movesDown(cost, point) {
  const newton = newtonsMove(cost, point);
  for (let halving = 0; newton && halving < HALVINGS; halving += 1) {
    yield moved([0, 0], newton, 0.5 ** halving);
  }
  const gradient = cost.gradient(point);
  if (cost.isConvex) {
    const [first, mixed, second] = cost.hessian(point);
    for (const damping of DAMPINGS) {
      yield wayOf([first + damping, mixed, second + damping], gradient);
    }
  }
  yield wayOf(cost.reweighted(point), gradient);
}

/** Give the way to the minimum of the bowl that fits best; undefined where it is none. */
function newtonsMove(cost, point) {
  const hessian = cost.hessian(point);
  const isBowl = bendsOf(hessian)[0] > FLAT * Math.max(...hessian.map(Math.abs));
  return isBowl ? wayOf(hessian, cost.gradient(point)) : undefined;
}

/** Take a last move where the gradient shrinks by it; costs no longer tell. */
function sharpened(cost, point) {
  const move = newtonsMove(cost, point);
  if (!move) return point;
  const there = moved(point, move);
  return sizeOf(cost.gradient(there)) < sizeOf(cost.gradient(point)) ? there : point;
}

/** Take one of those points that are no farther apart than `near`, the first. */
export function distinct(points, near) {
  const kept = [];
  for (const point of points) {
    if (kept.every((other) => sizeOf(moved(point, other, -1)) > near)) kept.push(point);
  }
  return kept;
}
