/**
 * Optimizers, operation by operation those of optimizers.py: how a slope becomes a direction.
 *
 * Each parameter stands alone: `update` turns its slope, and what is remembered of it, into its
 * direction and what to remember. `rates` is what theory knows of learning rates in a bowl whose
 * walls bend between `low` and `high`: from `steady` on a run oscillates, above `stable` it diverges.
 * Those without `rates` have steps of a size of their own. `bestMomentum` is the β at which the
 * slowest direction is fastest, at a rate, or without one at the best rate.
 */

import { unitOf } from "./mathematics.js";
import { CONSTANTS } from "./payload.js";

/** The optimizer of which theory knows the number of steps. */
export const PLAIN = "gradient_descent";

export const OPTIMIZERS = {
  [PLAIN]: {
    title: "gradient descent",
    init: () => [],
    update: (slope, memory) => [-slope, memory],
    rates({ low, high }) {
      const [best, steady, stable] = [2 / (low + high), 1 / high, 2 / high];
      return { best: best < stable ? best : steady, steady, stable };
    },
  },
  momentum: {
    title: "momentum",
    init: () => [0],
    update(slope, [before], { momentum }) {
      const speed = momentum * before + slope;
      return [-speed, [speed]];
    },
    rates({ low, high }, { momentum }) {
      const polyak = 4 / (Math.sqrt(low) + Math.sqrt(high)) ** 2;
      return {
        best: Math.min(polyak, (1 + Math.sqrt(momentum)) ** 2 / high),
        steady: (1 + momentum) / high,
        stable: (1 + momentum) * (2 / high),
      };
    },
    bestMomentum({ low, high }, rate) {
      const [flattest, steepest] = [Math.sqrt(low), Math.sqrt(high)];
      if (rate === undefined) return ((steepest - flattest) / (steepest + flattest)) ** 2;
      const root = Math.sqrt(rate);
      return Math.max(Math.abs(1 - root * flattest), Math.abs(1 - root * steepest)) ** 2;
    },
  },
  nesterov: {
    title: "Nesterov",
    init: () => [0],
    update(slope, [before], { momentum }) {
      const speed = momentum * before + slope;
      return [-(slope + momentum * speed), [speed]];
    },
    rates: ({ high }, { momentum }) => ({
      best: 1 / high,
      steady: 1 / high,
      stable: ((1 + momentum) / (1 + 2 * momentum)) * (2 / high),
    }),
    bestMomentum({ low, high }, rate = Infinity) {
      const slowest = Math.sqrt(low * Math.min(rate, 1 / high));
      return (1 - slowest) / (1 + slowest);
    },
  },
  adagrad: {
    title: "Adagrad",
    init: () => [0],
    update(slope, [before], { epsilon }) {
      const squares = before + slope * slope;
      return [-slope / (Math.sqrt(squares) + epsilon), [squares]];
    },
  },
  rmsprop: {
    title: "RMSprop",
    init: () => [0],
    update(slope, [before], { decay, epsilon }) {
      const squares = decay * before + (1 - decay) * slope * slope;
      return [-slope / (Math.sqrt(squares) + epsilon), [squares]];
    },
  },
  adam: {
    title: "Adam",
    init: () => [0, 0, 1, 1],
    update(slope, [meanBefore, squaresBefore, power1, power2], { beta1, beta2, epsilon }) {
      const mean = beta1 * meanBefore + (1 - beta1) * slope;
      const squares = beta2 * squaresBefore + (1 - beta2) * slope * slope;
      const memory = [mean, squares, beta1 * power1, beta2 * power2];
      return [-(mean / (1 - memory[2])) / (Math.sqrt(squares / (1 - memory[3])) + epsilon), memory];
    },
  },
};

/** Give what a direction of length 1 means. */
export function stepUnitOf(moments, { optimizer, scaling }) {
  const hasOwnSize = !OPTIMIZERS[optimizer.name].rates;
  return hasOwnSize && scaling !== "none" ? unitOf(moments) : 1;
}

/** Give what theory knows of learning rates; undefined where it knows nothing. */
export function ratesOf(table, { optimizer, scaling }) {
  if (!table.isSmooth) return undefined;
  return OPTIMIZERS[optimizer.name].rates?.(curvatureOf(table, scaling), optimizer);
}

function curvatureOf(table, scaling) {
  const { eigenvalues } = table.bowls[scaling];
  return { low: eigenvalues.at(-1), high: eigenvalues[0] };
}

/**
 * Give the best momentum of an optimizer that has one, for a rate or for the best one, no larger
 * than is of use within the steps, as `Rolling.tuned` in optimizers.py.
 */
export function tunedMomentum(table, { optimizer, scaling, steps }, rate) {
  const { usual_momentum, momentum_e_folds, momentum_fewest_steps, momentum_most_steps } =
    CONSTANTS;
  if (!table.isBowl) return usual_momentum;
  const best = OPTIMIZERS[optimizer.name].bestMomentum(curvatureOf(table, scaling), rate);
  const within = Math.min(Math.max(steps, momentum_fewest_steps), momentum_most_steps);
  const most = (1 - momentum_e_folds / within) ** 2;
  return Number(Math.min(best, most).toFixed(15));
}

/** Normalised steps as long as this part of the table's height lead nowhere. */
const SHORTEST = 1e-4;

/** Choose the ends of the slider of learning rates, as powers of ten. */
export function rateRange(table, setUp, usual) {
  if (!OPTIMIZERS[setUp.optimizer.name].rates) return [SHORTEST, CONSTANTS.tallest].map(Math.log10);
  const rates = ratesOf(table, setUp);
  if (!rates) return [Math.log10(usual) - 2, Math.log10(usual) + 1];
  return [Math.log10(rates.best / 50), Math.log10(rates.stable * (table.squared ? 3 : 20))];
}

/** Keep a learning rate where it is stable and makes sense; else choose one that does. */
export function rateFor(table, setUp, usual) {
  const [low, high] = rateRange(table, setUp, usual);
  const place = Math.log10(setUp.rate);
  const rates = ratesOf(table, setUp);
  if (place >= low && place <= high && !(setUp.rate >= rates?.stable)) return setUp.rate;
  const ownSize = setUp.scaling === "none" ? 1 : 0.1;
  return rates?.best ?? (OPTIMIZERS[setUp.optimizer.name].rates ? usual : ownSize);
}
