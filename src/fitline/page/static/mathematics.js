/**
 * The mathematics of a lesson as pure functions: coordinates, costs, curvature.
 *
 * It follows scaling.py, squared_error.py and robust_cost.py operation by operation, so that both
 * give the same numbers. Parameters, and what belongs to them, are vectors: the intercept first,
 * then a slope for each feature.
 *
 * @typedef {number[]} Vector
 * @typedef {{shift: Vector, scale: Vector, yShift: number}} Scaling
 */

import { CONSTANTS } from "./payload.js";

export const SCALINGS = ["standard", "minmax", "none"];

/** Choose the coordinates x' = (x − shift) / scale, y' = y − yShift. @returns {Scaling} */
export function scalingOf(kind, moments) {
  const { x_min: least, x_max: most, x_mean: means, has_intercept: isShifted } = moments;
  if (kind === "none") {
    return { kind, shift: means.map(() => 0), scale: means.map(() => 1), yShift: 0 };
  }
  const isStandard = kind === "standard";
  const reach = isShifted ? most.map((end, place) => end - least[place]) : most;
  const scale = isStandard ? deviationsOf(moments) : reach;
  const shift = isStandard || !isShifted ? means : least;
  return { kind, shift, scale: scale.map((each) => each || 1), yShift: moments.y_mean };
}

/** Give the standard deviations of the features. */
export function deviationsOf(moments) {
  return moments.x_variance.map(Math.sqrt);
}

/** Turn parameters in original units into scaled ones. */
export function scaled([intercept, ...slopes], { shift, scale, yShift }) {
  return [intercept + dot(slopes, shift) - yShift, ...times(slopes, scale)];
}

/** Turn scaled parameters into original units. */
export function original([intercept, ...scaledSlopes], { shift, scale, yShift }) {
  const slopes = scaledSlopes.map((slope, place) => slope / scale[place]);
  return [intercept + yShift - dot(slopes, shift), ...slopes];
}

export function dot(one, other) {
  let sum = 0;
  for (let place = 0; place < one.length; place += 1) sum += one[place] * other[place];
  return sum;
}

function times(one, other) {
  return one.map((value, place) => value * other[place]);
}

/** Multiply a matrix, which is a list of rows, with a vector. */
export function product(matrix, vector) {
  return matrix.map((row) => dot(row, vector));
}

export function transposed(matrix) {
  return matrix[0].map((_, column) => matrix.map((row) => row[column]));
}

/** Give the means and the standard deviations of the scaled features. */
export function spreadOf(moments, { shift, scale }) {
  const deviations = deviationsOf(moments);
  return {
    means: moments.x_mean.map((mean, place) => (mean - shift[place]) / scale[place]),
    deviations: deviations.map((deviation, place) => deviation / scale[place]),
  };
}

/** Give what one standard deviation of y is. */
export function unitOf(moments) {
  return Math.sqrt(moments.y_variance) || Math.abs(moments.y_mean) || 1;
}

/** Give what turns a scaled gradient into standardised coordinates, in deviations of y. */
export function preconditionerOf(moments, scaling) {
  const { means, deviations } = spreadOf(moments, scaling);
  const unit = unitOf(moments);
  const along = means.map((mean, place) => {
    const deviation = deviations[place] || 1;
    return { across: -mean / deviation / unit, tilt: 1 / deviation / unit };
  });
  return ([first, ...others]) => [
    first / unit,
    ...along.map(({ across, tilt }, place) => across * first + tilt * others[place]),
  ];
}

/** Give how long a vector is. */
export function lengthOf(vector) {
  return Math.sqrt(dot(vector, vector));
}

/** Squared error as a completed square, in scaled coordinates. */
export function squaredError(moments, scaling) {
  const { means } = spreadOf(moments, scaling);
  const { scale } = scaling;
  const slopes = times(moments.theta.slice(1), scale);
  const ofSlopes = moments.unit_triangular
    .slice(1)
    .map((row, from) => [0, ...row.slice(1).map((value, to) => value * (scale[from] / scale[to]))]);
  const [first, ...others] = moments.weights.map(Math.sqrt);
  return completedSquare({
    minimum: [moments.y_mean - scaling.yShift - dot(slopes, means), ...slopes],
    mixing: [[1, ...means], ...ofSlopes],
    roots: [first, ...others.map((root, place) => root / scale[place])],
    floor: moments.floor,
  });
}

/** Squared error in original units. */
export function squaredErrorInOriginalUnits(moments) {
  return completedSquare({
    minimum: moments.theta,
    mixing: moments.unit_triangular,
    roots: moments.weights.map(Math.sqrt),
    floor: moments.floor,
  });
}

/** J(θ) = floor + Σ (roots·mixing·(θ − minimum))²: never the expanded form, whose digits cancel. */
function completedSquare({ minimum, mixing, roots, floor }) {
  const weights = roots.map((root) => root * root);
  const squared = (beyond) =>
    beyond.reduce((sum, part, row) => sum + part * part * weights[row], 0);
  const beyondOf = (theta) => {
    const offset = theta.map((value, place) => value - minimum[place]);
    return product(mixing, offset);
  };
  const excess = (theta) => squared(beyondOf(theta));
  return {
    minimum,
    floor,
    /** The matrix that turns a difference of parameters into standardised coordinates. */
    root: mixing.map((row, place) => row.map((value) => roots[place] * value)),
    excess,
    value: (theta) => floor + excess(theta),
    gradient(theta) {
      const pulls = times(beyondOf(theta), weights);
      return minimum.map((_, column) =>
        mixing.reduce((sum, row, place) => sum + 2 * pulls[place] * row[column], 0),
      );
    },
    secondDerivative: (direction) => 2 * squared(product(mixing, direction)),
    /** How far the predictions of two thetas are apart, the root of the mean square. */
    distance(one, other) {
      const offset = one.map((value, place) => value - other[place]);
      return Math.sqrt(squared(product(mixing, offset)));
    },
    /** Turn a gradient into that of uncorrelated features, of which there are only independent ones. */
    uncorrelated(gradient) {
      const left = [];
      for (const [place, slope] of gradient.entries()) {
        left.push(slope - left.reduce((sum, part, row) => sum + part * mixing[row][place], 0));
      }
      return left.map((part, place) => part / roots[place]).filter((_, place) => roots[place] > 0);
    },
  };
}

/** The losses of one residual, and their derivatives; squared error's is for batches of rows. */
const LOSSES = {
  squared: () => ({
    loss: (residual) => residual * residual,
    psi: (residual) => 2 * residual,
    secondDerivative: () => 2,
  }),
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

/** Give the loss of a cost, with its derivatives. */
export function lossOf({ name, scale }) {
  return LOSSES[name](scale);
}

/**
 * Give rows in scaled coordinates, less their centre, so that a table far from the origin keeps
 * its digits: the columns of x, y, the weights with their sum, and the centre of x and y.
 */
export function centredRows(points, scaling, moments) {
  const columns = points.x.map((column, place) =>
    Float64Array.from(column, (x) => (x - moments.x_mean[place]) / scaling.scale[place]),
  );
  const ys = Float64Array.from(points.y, (y) => y - moments.y_mean);
  const weights = Float64Array.from(points.weights ?? ys.map(() => 1));
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const { means: centre } = spreadOf(moments, scaling);
  return { columns, ys, weights, whole, centre, yCentre: moments.y_mean - scaling.yShift };
}

/** The mean of the losses of all rows, by their weights if they have some, in scaled coordinates. */
export function robustCost(points, { name, scale }, scaling, lowest, moments) {
  const rows = centredRows(points, scaling, moments);
  const { columns, ys, weights, whole, centre, yCentre } = rows;
  const { loss, psi, secondDerivative } = lossOf({ name, scale });
  const residuals = new Float64Array(ys.length);
  let uncorrelated;
  /** Fill the residuals, which all that is asked shares. */
  const look = ([intercept, ...slopes]) => {
    const height = intercept + dot(slopes, centre) - yCentre;
    for (let row = 0; row < ys.length; row += 1) residuals[row] = ys[row] - height;
    for (const [place, column] of columns.entries()) {
      const slope = slopes[place];
      for (let row = 0; row < ys.length; row += 1) residuals[row] -= slope * column[row];
    }
  };
  const value = (theta) => {
    look(theta);
    let sum = 0;
    for (let row = 0; row < ys.length; row += 1) sum += weights[row] * loss(residuals[row]);
    return sum / whole;
  };
  return {
    value,
    noise: (CONSTANTS.rounded * scale * dot(weights, ys.map(Math.abs))) / whole,
    excess: (theta, cost = value(theta)) => Math.max(0, cost - lowest),
    gradient(theta) {
      look(theta);
      const psis = residuals.map((residual, row) => weights[row] * psi(residual));
      const sum = moments.has_intercept ? psis.reduce((total, one) => total + one, 0) : 0;
      const first = -sum / whole;
      const slopes = columns.map((column) => -dot(psis, column) / whole);
      return [first, ...slopes.map((slope, place) => slope + centre[place] * first)];
    },
    /** The matrix of second derivatives by the parameters of uncorrelated features. */
    hessian(theta) {
      look(theta);
      const seconds = residuals.map(
        (residual, row) => (weights[row] * secondDerivative(residual)) / whole,
      );
      uncorrelated ??= [
        ...(moments.has_intercept ? [ys.map(() => 1)] : []),
        ...uncorrelatedOf(points, moments),
      ];
      return uncorrelated.map((one) => {
        const weighted = seconds.map((second, row) => second * one[row]);
        return uncorrelated.map((other) => dot(weighted, other));
      });
    },
  };
}

/** Take away from each feature those before it; of a dependent one nothing is left. */
function uncorrelatedOf(points, { x_mean: means, unit_triangular: mixing, weights }) {
  const left = points.x.map((column, place) => column.map((x) => x - means[place]));
  for (const [place, column] of left.entries()) {
    for (let before = 0; before < place; before += 1) {
      const shared = mixing[before + 1][place + 1];
      for (let row = 0; row < column.length; row += 1) column[row] -= shared * left[before][row];
    }
    if (!(weights[place + 1] > 0)) column.fill(0);
  }
  return left
    .map((column, place) => column.map((part) => part / Math.sqrt(weights[place + 1])))
    .filter((_, place) => weights[place + 1] > 0);
}

/** Factor a symmetric matrix as L·Lᵀ; undefined where it is not positive definite. */
export function choleskyOf(matrix) {
  const lower = matrix.map((row) => row.map(() => 0));
  for (const [row, values] of matrix.entries()) {
    for (let column = 0; column <= row; column += 1) {
      const left = values[column] - dot(lower[row].slice(0, column), lower[column]);
      if (column < row) lower[row][column] = left / lower[column][column];
      else if (left > 0) lower[row][row] = Math.sqrt(left);
      else return undefined;
    }
  }
  return lower;
}

/** Solve L·z = vector from above. */
export function solvedFromAbove(lower, vector) {
  const solution = [];
  for (const [row, value] of vector.entries()) {
    solution.push((value - dot(solution, lower[row])) / lower[row][row]);
  }
  return solution;
}

/** Take a value from a grid of costs, straight between its points; undefined outside. */
export function interpolated({ across, up, cost }, [first, second]) {
  const [row, down] = placeOn(across, first);
  const [column, along] = placeOn(up, second);
  if (row === undefined || column === undefined) return undefined;
  const between = (line) => line[column] * (1 - along) + line[column + 1] * along;
  return between(cost[row]) * (1 - down) + between(cost[row + 1]) * down;
}

/** The axes of a grid are equally spaced. */
function placeOn(axis, value) {
  const last = axis.length - 1;
  const place = ((value - axis[0]) / (axis[last] - axis[0])) * last;
  if (!(place >= 0 && place <= last)) return [];
  const cell = Math.min(last - 1, Math.floor(place));
  return [cell, place - cell];
}
