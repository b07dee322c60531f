/** Gradient descent: the one loop, and why it ends. */

import { batchesOf } from "./batches.js";
import {
  dot,
  interpolated,
  lengthOf,
  original,
  preconditionerOf,
  robustCost,
  scaled,
  scalingOf,
  squaredError,
  squaredErrorInOriginalUnits,
} from "./mathematics.js";
import { OPTIMIZERS, stepUnitOf } from "./optimizers.js";
import { CONSTANTS } from "./payload.js";
import { penalised } from "./penalty.js";
import { rateAt } from "./schedules.js";
import { startOf } from "./set-up.js";
import { lengthAlong } from "./step-size.js";
import { stoppingOf } from "./stopping.js";

/** What a browser does without stuttering. */
const MOST_NUMBERS = 400_000;
const MOST_RESIDUALS = 2e8;

/** All that a lesson knows of its table. */
export function tableOf(lesson) {
  const { moments, points, cost, stationary } = lesson;
  const squared = cost.is_quadratic;
  const exact = { theta: moments.theta, cost: moments.floor };
  const landmarks = squared ? [{ ...exact, kind: "global" }] : stationary;
  const lowest = Math.min(...landmarks.map((landmark) => landmark.cost));
  const robust = (scaling) => robustCost(points, cost, scaling, lowest, moments);
  const surface = squared
    ? squaredErrorInOriginalUnits(moments)
    : robust(scalingOf("none", moments));
  const onGrid = (theta) => interpolated(lesson.grid, theta) ?? surface.value(theta);
  const rows = squared ? 1 : points.y.length * points.x.length;
  const mostSteps = Math.floor(MOST_NUMBERS / moments.theta.length);
  return {
    moments,
    bowls: lesson.bowls,
    /** The parameters that no minimum determines, since features depend on each other. */
    open: new Set(lesson.dependent.flatMap(({ open }) => open)),
    axes: lesson.axes,
    squared,
    /** Whether the cost is a quadratic function, of which theory knows all. */
    isBowl: squared,
    isSmooth: cost.is_smooth,
    isConvex: cost.is_convex,
    scale: cost.scale,
    spread: cost.spread,
    isSample: points.sampled,
    landmarks,
    lowest,
    rows,
    points,
    cost,
    pageSteps: Math.min(mostSteps, Math.floor(MOST_RESIDUALS / rows)),
    surface: lesson.grid ? onGrid : surface.value,
    validation: validationOf(lesson),
    /** The mean squared error, whatever the cost. */
    meanSquare: squaredErrorInOriginalUnits(moments).value,
    /** How far the predictions of two thetas are apart. */
    distance: squaredErrorInOriginalUnits(moments).distance,
    /** The same table with penalties, by what they are. */
    penalised: new Map(),
    costIn: (scaling) => (squared ? squaredError(moments, scaling) : robust(scaling)),
  };
}

/** Give the cost of the rows held out, in original units; undefined where there are none. */
function validationOf({ held_out: unseen, moments, cost }) {
  if (!unseen) return undefined;
  if (cost.is_quadratic) return squaredErrorInOriginalUnits(unseen.moments).value;
  if (!unseen.points) return undefined;
  return robustCost(unseen.points, cost, scalingOf("none", moments), 0, moments).value;
}

/** A run, which grows as far as one looks; index 0 is the start. */
export class Run {
  thetas = [];
  gradients = [];
  costs = [];
  norms = [];
  /** What is remembered before each step, of each parameter. */
  memories = [];
  /** The first update of each step, and where all its updates end. */
  firstUpdates = [];
  trails = [];
  /** @type {string | null} one of Python's, or "page"; null while it can go on */
  stopReason = null;
  #next;
  #validations = [];
  #excesses = [];

  constructor(plain, setUp) {
    const table = penalised(plain, setUp);
    this.table = table;
    this.setUp = setUp;
    this.scaling = scalingOf(setUp.scaling, table.moments);
    this.cost = table.costIn(this.scaling);
    this.preconditioned = preconditionerOf(table.moments, this.scaling);
    this.stopping = stoppingOf(table, this.cost, this.scaling, setUp.tolerance);
    this.optimizer = OPTIMIZERS[setUp.optimizer.name];
    this.unit = stepUnitOf(table.moments, setUp);
    this.batches = batchesOf(table, this.scaling, setUp);
    this.pageSteps = Math.floor(table.pageSteps / (this.batches?.eachEpoch ?? 1));
    const start = scaled(startOf(setUp), this.scaling);
    this.memories.push(start.map(() => this.optimizer.init()));
    this.#look(start);
  }

  /** The index of the last step that has been taken. */
  get last() {
    return this.costs.length - 1;
  }

  /** Run to a step, or to the end where it comes earlier; give where that is. */
  reach(step) {
    while (this.stopReason === null && this.last < step) this.#look(this.#next);
    return Math.min(step, this.last);
  }

  /** The field's word for a step. */
  get word() {
    return this.batches ? "epoch" : "step";
  }

  /** Where each update of a step ends, in original units; of step 0 that is the start. */
  trail(step) {
    const ends = step ? this.trails[step - 1] : [this.thetas[0]];
    return ends.map((theta) => original(theta, this.scaling));
  }

  /** The parameters after a step, in original units. */
  theta(step) {
    return original(this.thetas[step], this.scaling);
  }

  /** How far the cost is above the minimum. */
  excess(step) {
    if (this.#excesses[step] === undefined) {
      const excess = this.cost.excess(this.thetas[step], this.costs[step]);
      this.#excesses[step] = Number.isNaN(excess) ? Number.POSITIVE_INFINITY : excess;
    }
    return this.#excesses[step];
  }

  /** Find the first step at which the excess is a part of that at the start; undefined if none is. */
  stepTo(part) {
    const least = part * this.excess(0);
    if (least === Number.POSITIVE_INFINITY) return undefined;
    for (let step = 0; this.reach(step) === step; step += 1) {
      if (this.excess(step) <= least) return step;
    }
    return undefined;
  }

  /** What the penalty adds to the cost after a step. */
  penalty(step) {
    const slopes = this.thetas[step].slice(1);
    const { l2, l1 } = this.setUp;
    return l2 * dot(slopes, slopes) + l1 * slopes.reduce((sum, slope) => sum + Math.abs(slope), 0);
  }

  /** The cost of the rows held out after a step; undefined where there are none. */
  validation(step) {
    const { validation } = this.table;
    if (validation) this.#validations[step] ??= validation(this.theta(step));
    return this.#validations[step];
  }

  /** Where the next step leads, in scaled coordinates; undefined at the end. */
  after(step) {
    if (this.reach(step + 1) > step) return this.thetas[step + 1];
    return undefined;
  }

  #look(theta) {
    const gradient = this.cost.gradient(theta);
    this.thetas.push(theta);
    this.gradients.push(gradient);
    this.costs.push(this.cost.value(theta));
    this.norms.push(lengthOf(this.preconditioned(gradient)));
    this.stopReason = this.#reasonHere() ?? this.#prepareNext(theta, gradient);
  }

  #reasonHere() {
    const cost = this.costs[this.last];
    if (!Number.isFinite(cost) || cost > CONSTANTS.diverged_growth * this.costs[0])
      return "diverged";
    if (this.norms[this.last] <= this.stopping.tolerance || cost <= this.stopping.level) {
      return this.#judged("converged");
    }
    if (this.last === this.setUp.steps) return this.#judged("steps");
    return this.last === this.pageSteps ? "page" : null;
  }

  /** Look around where the run ends: it has converged at a minimum, and only there. */
  #judged(reason) {
    const here = {
      theta: this.thetas[this.last],
      gradient: this.gradients[this.last],
      norm: this.norms[this.last],
      cost: this.costs[this.last],
    };
    const mayGoOn = reason === "steps" && !this.stopping.isLevel(here);
    if (!mayGoOn && this.stopping.isMinimum(here)) return "converged";
    return reason === "converged" || this.stopping.isPlateau(here) ? "plateau" : reason;
  }

  /** Find where the next step ends: one update, or one for each batch of an epoch. */
  #prepareNext(theta, gradient) {
    const before = this.memories[this.last];
    const updates = [...this.#updates(theta, gradient)];
    const { end, memories } = updates.at(-1);
    this.#next = end;
    this.memories.push(memories);
    this.firstUpdates.push(updates[0]);
    this.trails.push(updates.map((update) => update.end));
    const stands = isEqual(end, theta) && isEqual(memories.flat(), before.flat());
    return stands ? this.#judged("stalled") : null;
  }

  *#updates(theta, gradient) {
    const [step, before] = [this.last, this.memories[this.last]];
    if (!this.batches) {
      yield this.#update({ number: step, theta, gradient, before });
      return;
    }
    let number = step * this.batches.eachEpoch;
    let here = { end: theta, memories: before };
    for (const batch of this.batches.epoch(step)) {
      const slopes = batch.gradient(here.end);
      here = this.#update({ number, theta: here.end, gradient: slopes, before: here.memories });
      yield here;
      number += 1;
    }
  }

  /** Move along the direction that the optimizer makes of a gradient. */
  #update({ number: move, theta, gradient, before }) {
    const updates = gradient.map((slope, place) =>
      this.optimizer.update(slope / this.unit, before[place], this.setUp.optimizer),
    );
    const direction = updates.map(([part]) => part);
    const memories = updates.map(([, memory]) => memory);
    const length = this.#lengthOf(move, theta, gradient, direction) * this.unit;
    const end = theta.map((value, place) => value + length * direction[place]);
    const { shrinkage } = this.cost;
    const stopped = shrinkage ? stoppedAtCreases(theta, end, shrinkage, length) : end;
    return { gradient, length, led: end, end: stopped, memories };
  }

  #lengthOf(move, theta, gradient, direction) {
    const rate = rateAt(this.setUp, move);
    if (!this.setUp.lineSearch) return rate;
    return lengthAlong(this.cost, theta, gradient, direction, rate);
  }
}

/** Stop each parameter at 0 that would cross it, unless the bowl alone carries it beyond. */
function stoppedAtCreases(theta, end, shrinkage, length) {
  return end.map((value, place) => {
    if (theta[place] === 0) return value;
    const shrunk = length * shrinkage[place];
    const moved = value + shrunk * Math.sign(theta[place]);
    return Math.sign(moved) * Math.max(Math.abs(moved) - shrunk, 0);
  });
}

function isEqual(one, other) {
  return one.every((value, place) => value === other[place]);
}

/** Find the minimum that a run has reached; undefined where it came to none. */
export function minimumReached(table, run) {
  run.reach(Number.POSITIVE_INFINITY);
  const end = run.theta(run.last);
  const minima = table.landmarks.filter(({ kind }) => kind === "global" || kind === "local");
  const near = table.isSample ? NEAR_OF_SAMPLE : nearOf(table, minima);
  return minima.find(({ theta }) => table.distance(theta, end) <= near * table.spread);
}

/** The minima of a sample lie a bit aside; so near, in spreads of y, is there. */
const NEAR_OF_SAMPLE = 0.1;

function nearOf({ scale, spread }, minima) {
  const isCrowded = minima.length > 1 && scale;
  return isCrowded ? Math.min(CONSTANTS.near, scale / spread / 2) : CONSTANTS.near;
}
