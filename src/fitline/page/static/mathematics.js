/**
 * The mathematics of a lesson as pure functions: coordinates, costs, curvature.
 *
 * It follows scaling.py and costs.py operation by operation, so that both give the same numbers.
 * A pair is [intercept, slope], or what belongs to them.
 *
 * @typedef {[number, number]} Pair
 * @typedef {{shift: number, scale: number, yShift: number}} Scaling
 */

import { CONSTANTS } from "./payload.js";

export const SCALINGS = ["standard", "minmax", "none"];

/** Choose the coordinates x' = (x − shift) / scale, y' = y − yShift. @returns {Scaling} */
export function scalingOf(kind, moments) {
  if (kind === "none") return { shift: 0, scale: 1, yShift: 0 };
  const yShift = moments.y_mean;
  if (kind === "minmax") {
    return { shift: moments.x_min, scale: moments.x_max - moments.x_min, yShift };
  }
  return { shift: moments.x_mean, scale: Math.sqrt(moments.x_variance), yShift };
}

/** Turn parameters in original units into scaled ones. */
export function scaled([intercept, slope], { shift, scale, yShift }) {
  return [intercept + slope * shift - yShift, slope * scale];
}

/** Turn scaled parameters into original units. */
export function original([intercept, scaledSlope], { shift, scale, yShift }) {
  const slope = scaledSlope / scale;
  return [intercept + yShift - slope * shift, slope];
}

/** Give the mean and the standard deviation of the scaled x. */
export function spreadOf(moments, { shift, scale }) {
  return [(moments.x_mean - shift) / scale, Math.sqrt(moments.x_variance) / scale];
}

/** Give what one standard deviation of y is. */
export function unitOf(moments) {
  return Math.sqrt(moments.y_variance) || Math.abs(moments.y_mean) || 1;
}

/** Measure a scaled gradient in standardised coordinates, in deviations of y. */
export function gradientNormOf(moments, scaling) {
  const [mean, deviation] = spreadOf(moments, scaling);
  const unit = unitOf(moments);
  const across = -mean / deviation / unit;
  const along = 1 / deviation / unit;
  return ([first, second]) => {
    const height = first / unit;
    const tilt = across * first + along * second;
    return Math.sqrt(height * height + tilt * tilt);
  };
}

/** Squared error as a completed square, in scaled coordinates. */
export function squaredError(moments, scaling) {
  const [mean, deviation] = spreadOf(moments, scaling);
  const slope = moments.slope * scaling.scale;
  const minimum = [moments.y_mean - scaling.yShift - slope * mean, slope];
  return completedSquare(minimum, mean, deviation ** 2, moments.minimum_cost);
}

/** Squared error in original units. */
export function squaredErrorInOriginalUnits(moments) {
  const minimum = [moments.intercept, moments.slope];
  return completedSquare(minimum, moments.x_mean, moments.x_variance, moments.minimum_cost);
}

/** J(θ) = floor + height² + variance·tilt²: never the expanded form, whose digits cancel. */
function completedSquare(minimum, mean, variance, floor) {
  const parts = (theta) => {
    const tilt = theta[1] - minimum[1];
    return [theta[0] - minimum[0] + mean * tilt, tilt];
  };
  const excess = (theta) => {
    const [height, tilt] = parts(theta);
    return height * height + tilt * tilt * variance;
  };
  return {
    minimum,
    excess,
    value: (theta) => floor + excess(theta),
    gradient(theta) {
      const [height, tilt] = parts(theta);
      return [2 * height, 2 * height * mean + 2 * tilt * variance];
    },
    secondDerivative([across, tilt]) {
      const height = across + mean * tilt;
      return 2 * (height * height + tilt * tilt * variance);
    },
  };
}

/** The losses of one residual that are kinder to outliers, and their derivatives. */
const LOSSES = {
  absolute: (scale) => ({
    loss: (residual) => scale * Math.abs(residual),
    psi: (residual) => scale * Math.sign(residual),
    secondDerivative: () => 0,
  }),
  huber: (scale) => ({
    loss(residual) {
      const size = Math.abs(residual);
      const near = Math.min(size, scale);
      return near * (2 * size - near);
    },
    psi: (residual) => 2 * Math.max(-scale, Math.min(scale, residual)),
    secondDerivative: (residual) => (Math.abs(residual) <= scale ? 2 : 0),
  }),
  cauchy: (scale) => ({
    loss: (residual) => scale * scale * Math.log1p((residual / scale) * (residual / scale)),
    psi: (residual) => (2 * residual) / (1 + (residual / scale) * (residual / scale)),
    secondDerivative(residual) {
      const square = (residual / scale) * (residual / scale);
      return (2 * (1 - square)) / (1 + square) / (1 + square);
    },
  }),
};

/**
 * The mean of the losses of all rows, in scaled coordinates.
 *
 * The rows are held less their centre, so that a table far from the origin keeps its digits.
 */
export function robustCost(points, { name, scale }, scaling, lowest, moments) {
  const xs = points.x.map((x) => (x - moments.x_mean) / scaling.scale);
  const ys = points.y.map((y) => y - moments.y_mean);
  const centre = (moments.x_mean - scaling.shift) / scaling.scale;
  const yCentre = moments.y_mean - scaling.yShift;
  const { loss, psi, secondDerivative } = LOSSES[name](scale);
  const heightOf = (theta) => theta[0] + theta[1] * centre - yCentre;
  const value = (theta) => {
    const middle = heightOf(theta);
    let sum = 0;
    for (let row = 0; row < xs.length; row += 1) {
      sum += loss(ys[row] - middle - theta[1] * xs[row]);
    }
    return sum / xs.length;
  };
  return {
    value,
    noise: (CONSTANTS.rounded * scale * ys.reduce((sum, y) => sum + Math.abs(y), 0)) / ys.length,
    excess: (theta) => Math.max(0, value(theta) - lowest),
    gradient(theta) {
      const middle = heightOf(theta);
      let [height, tilt] = [0, 0];
      for (let row = 0; row < xs.length; row += 1) {
        const slope = psi(ys[row] - middle - theta[1] * xs[row]);
        height += slope;
        tilt += slope * xs[row];
      }
      const first = -height / xs.length;
      return [first, -tilt / xs.length + centre * first];
    },
    /** The second derivatives a, b, c of [[a, b], [b, c]] in standardised coordinates. */
    hessian(theta, mean, deviation) {
      const middle = heightOf(theta);
      const sums = [0, 0, 0];
      for (let row = 0; row < xs.length; row += 1) {
        const bent = secondDerivative(ys[row] - middle - theta[1] * xs[row]) / xs.length;
        const z = (xs[row] + centre - mean) / deviation;
        sums[0] += bent;
        sums[1] += bent * z;
        sums[2] += bent * z * z;
      }
      return sums;
    },
  };
}

/**
 * Give how the walls of the squared error's bowl rise: the stretches of the root of half its
 * Hessian [[1, mean], [0, deviation]], descending, the direction of the first, and the
 * eigenvalues.
 */
export function curvatureOf(moments, scaling) {
  const [mean, deviation] = spreadOf(moments, scaling);
  const long = (Math.hypot(1 + deviation, mean) + Math.hypot(1 - deviation, mean)) / 2;
  const stretches = [long, deviation / long];
  const [high, low] = stretches.map((stretch) => 2 * stretch ** 2);
  return {
    stretches,
    direction: Math.atan2(2 * mean * deviation, 1 + mean ** 2 - deviation ** 2) / 2,
    root: ([height, slope]) => [height + mean * slope, deviation * slope],
    low,
    high,
  };
}

/** Take a value from a grid of costs, straight between its points; undefined outside. */
export function interpolated({ theta0, theta1, cost }, [first, second]) {
  const [row, down] = placeOn(theta0, first);
  const [column, across] = placeOn(theta1, second);
  if (row === undefined || column === undefined) return undefined;
  const along = (line) => line[column] * (1 - across) + line[column + 1] * across;
  return along(cost[row]) * (1 - down) + along(cost[row + 1]) * down;
}

/** The axes of a grid are equally spaced. */
function placeOn(axis, value) {
  const last = axis.length - 1;
  const place = ((value - axis[0]) / (axis[last] - axis[0])) * last;
  if (!(place >= 0 && place <= last)) return [];
  const cell = Math.min(last - 1, Math.floor(place));
  return [cell, place - cell];
}
