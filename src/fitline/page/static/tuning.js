/** How the rate and the momentum follow other choices; `table` is that of the set-up. */

import { OPTIMIZERS, rateFor, ratesOf, tunedMomentum } from "./optimizers.js";
import { isSame } from "./set-up.js";

/** Give the best momentum, and the rate that goes with it. */
export function bestOf(table, setUp) {
  const optimizer = tuned(table, setUp);
  return { optimizer, rate: ratesOf(table, { ...setUp, optimizer })?.best ?? setUp.rate };
}

/** Tell whether the momentum is the best one, which then follows the landscape. */
export function isTuned(table, setUp) {
  if (!OPTIMIZERS[setUp.optimizer.name].bestMomentum) return false;
  const { rate, optimizer } = setUp;
  return [rate, undefined].some((at) => isSame(tuned(table, setUp, at), optimizer));
}

/** Choose the rate of another optimizer, where the present one makes no sense, and its momentum. */
export function withOptimizer(table, setUp, usual) {
  const rate = rateFor(table, setUp, usual.rate);
  const { optimizer } = setUp;
  const isFree = OPTIMIZERS[optimizer.name].bestMomentum && usual.optimizer.name !== optimizer.name;
  if (!isFree) return { optimizer, rate };
  return rate === setUp.rate ? { optimizer: tuned(table, setUp, rate) } : bestOf(table, setUp);
}

function tuned(table, setUp, rate) {
  return { ...setUp.optimizer, momentum: tunedMomentum(table, setUp, rate) };
}
