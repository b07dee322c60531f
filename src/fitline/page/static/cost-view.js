/** The excess cost by step, or where rows are held out the cost of both parts, as in plots/cost.py. */

import { drawAxes, frameOf, marginsOf } from "./axes.js";
import { disc, polyline, prepared, stroke, within } from "./drawing.js";

const SHORTEST_AXIS = 10;

/** This part of the axis is left free at either end. */
const MARGIN = 0.07;

export function drawCost(canvas, scene) {
  const view = prepared(canvas);
  const { context } = view;
  const curves = curvesOf(scene);
  const longest = Math.max(SHORTEST_AXIS, ...curves.map(({ last }) => last));
  const levels = levelsOf(scene);
  const { range, isLogarithmic, hasZero } = rangeOf(curves, levels);
  const margins = marginsOf(view, range, isLogarithmic);
  const frame = frameOf(view, margins, [0, longest], range, isLogarithmic);
  const name = showsExcess(scene.table) ? "excess cost" : "cost";
  const y = isLogarithmic ? `${name} (log axis)` : name;
  const hint = isLogarithmic && hasZero ? "on the axis: exactly 0" : "";
  drawAxes(context, frame, scene.colours, { x: scene.run.word, y, whole: true, hint });
  within(context, wider(frame), () => {
    drawLevels(context, frame, levels, scene.colours);
    for (const curve of curves) drawCurve(context, frame, curve);
  });
  return frame;
}

/** Of rows held out the costs stand beside each other, which have no minimum in common. */
export function showsExcess({ validation, lowest }) {
  return !validation && Number.isFinite(lowest);
}

/** Give the height of each curve at every step; the present run comes last. */
function curvesOf({ table, clock, kept, run, colours }) {
  const heightOf = showsExcess(table)
    ? (one) => (step) => one.excess(step)
    : (one) => (step) => one.costs[step];
  const curveOf = ({ run: one, ...look }) => ({
    ...look,
    heightAt: heightOf(one),
    last: one.reach(clock),
  });
  const ours = curveOf({ run, colour: colours.run, isOurs: true });
  const unseen = { ...ours, heightAt: (step) => run.validation(step), colour: colours.dot };
  return [...(table.validation ? [unseen] : []), ...kept.map(curveOf), ours];
}

/** Give the heights of the minima. */
function levelsOf({ table, minima }) {
  const below = showsExcess(table) ? table.lowest : 0;
  return minima.map(({ kind, cost }) => ({ kind, height: cost - below }));
}

/** Leave room for the dots at the edges. */
function wider(frame) {
  return {
    ...frame,
    left: frame.left - 6,
    width: frame.width + 12,
    top: frame.top - 6,
    height: frame.height + 12,
  };
}

/** Choose the range that is shown: a logarithmic one, unless nothing is above 0. */
function rangeOf(curves, levels) {
  let [least, most, hasZero] = [Number.POSITIVE_INFINITY, 0, false];
  for (const { heightAt, last } of curves) {
    for (let step = 0; step <= last; step += 1) {
      const height = heightAt(step);
      if (height > 0) least = Math.min(least, height);
      else hasZero = true;
      if (Number.isFinite(height)) most = Math.max(most, height);
    }
  }
  if (!(most > 0)) return { range: [0, 1], isLogarithmic: false, hasZero };
  const shown = levels.map(({ height }) => height).filter((height) => height > 0);
  const [low, high] = [Math.min(least, ...shown), Math.max(most, ...shown)];
  const free = high > low ? (high / low) ** MARGIN : 2;
  return { range: [low / free, high * free], isLogarithmic: true, hasZero };
}

function drawLevels(context, frame, levels, colours) {
  context.strokeStyle = colours.best;
  context.lineWidth = 1.5;
  for (const { kind, height } of levels) {
    if (frame.logarithmic && !(height > 0)) continue;
    const py = frame.toY(height);
    context.setLineDash(kind === "global" ? [7, 5] : [2, 5]);
    stroke(context, [frame.left, py], [frame.left + frame.width, py]);
  }
  context.setLineDash([]);
}

function drawCurve(context, frame, { heightAt, last, colour, isOurs }) {
  const points = curvePoints(frame, heightAt, last);
  context.strokeStyle = colour;
  context.lineWidth = isOurs ? 2.5 : 2;
  polyline(context, points);
  const radius = points.length < frame.width / 9 ? 3 : 0;
  if (radius) for (const point of points) disc(context, point, radius, colour, null);
  if (points.length) disc(context, points.at(-1), isOurs ? 5 : 4, colour);
}

/** Give the pixels of a curve; of many steps in one column the lowest and the highest. */
function curvePoints(frame, heightAt, last) {
  const every = Math.max(1, Math.floor((2 * last) / frame.width));
  const points = [];
  for (let from = 0; from <= last; from += every) {
    const length = Math.min(every, last + 1 - from);
    const column = Array.from({ length }, (_, place) => heightAt(from + place));
    const ends = every > 1 ? [Math.min(...column), Math.max(...column)] : column;
    points.push(...ends.map((height) => pixel(frame, from, height)));
  }
  if (every > 1) points.push(pixel(frame, last, heightAt(last)));
  return points.filter((point) => point.every(Number.isFinite));
}

/** Give the pixel of a height; what is 0 stands on a logarithmic axis. */
function pixel(frame, step, height) {
  const isOnAxis = frame.logarithmic && !(height > 0);
  return [frame.toX(step), isOnAxis ? frame.top + frame.height : frame.toY(height)];
}
