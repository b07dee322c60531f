/** The cost by step. */

import { drawAxes, frameOf, marginsOf } from "./axes.js";
import { disc, polyline, prepared, stroke, within } from "./drawing.js";

const SHORTEST_AXIS = 10;

/** Costs that span this factor are shown by their powers of ten. */
const WIDE = 30;

export function drawCost(canvas, scene) {
  const view = prepared(canvas);
  const { context } = view;
  const curves = [...scene.kept, { run: scene.run, colour: scene.colours.run, isOurs: true }];
  const shown = curves.map((curve) => ({ ...curve, last: curve.run.reach(scene.clock) }));
  const longest = Math.max(SHORTEST_AXIS, ...shown.map(({ last }) => last));
  if (scene.table.validation) shown.unshift(unseenCurve(shown.at(-1), scene));
  const [low, high, logarithmic] = costRange(shown, scene.table.lowest);
  const margins = marginsOf(view, [low, high], logarithmic);
  const frame = frameOf(view, margins, [0, longest], [low, high], logarithmic);
  const y = logarithmic ? "cost (log scale)" : "cost";
  drawAxes(context, frame, scene.colours, { x: "step", y, whole: true });
  within(context, wider(frame), () => {
    drawMinimum(context, frame, scene);
    for (const curve of shown) drawCurve(context, frame, curve);
  });
  return frame;
}

/** The cost of the rows held out, of the run that is shown. */
function unseenCurve({ run, last }, { colours }) {
  const costs = Array.from({ length: last + 1 }, (_, step) => run.validation(step));
  return { run: { costs }, last, colour: colours.dot };
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

function costRange(curves, lowest) {
  let [least, most] = [Number.POSITIVE_INFINITY, 0];
  for (const { run, last } of curves) {
    for (let step = 0; step <= last; step += 1) {
      const cost = run.costs[step];
      if (cost > 0) least = Math.min(least, cost);
      if (Number.isFinite(cost)) most = Math.max(most, cost);
    }
  }
  const floor = lowest > 0 && Number.isFinite(lowest) ? Math.min(least, lowest) : least;
  if (!(most > 0)) return [0, 1, false];
  if (most > WIDE * floor) return [floor / 1.7, most * 1.7, true];
  return [Math.min(0, lowest), most * 1.1, false];
}

function drawMinimum(context, frame, { minima, colours }) {
  for (const { kind, cost } of minima) {
    if (frame.logarithmic && !(cost > 0)) continue;
    const py = frame.toY(cost);
    context.strokeStyle = colours.best;
    context.lineWidth = 1.5;
    context.setLineDash(kind === "global" ? [7, 5] : [2, 5]);
    stroke(context, [frame.left, py], [frame.left + frame.width, py]);
  }
  context.setLineDash([]);
}

function drawCurve(context, frame, { run, last, colour, isOurs }) {
  const points = curvePoints(frame, run, last);
  context.strokeStyle = colour;
  context.lineWidth = isOurs ? 2.5 : 2;
  polyline(context, points);
  const radius = points.length < frame.width / 9 ? 3 : 0;
  if (radius) for (const point of points) disc(context, point, radius, colour, null);
  if (points.length) disc(context, points.at(-1), isOurs ? 5 : 4, colour);
}

/** Give the pixels of a curve; of many steps in one column the lowest and the highest. */
function curvePoints(frame, run, last) {
  const every = Math.max(1, Math.floor((2 * last) / frame.width));
  const points = [];
  for (let from = 0; from <= last; from += every) {
    const column = run.costs.slice(from, Math.min(from + every, last + 1));
    const ends = every > 1 ? [Math.min(...column), Math.max(...column)] : column;
    points.push(...ends.map((cost) => pixel(frame, from, cost)));
  }
  if (every > 1) points.push(pixel(frame, last, run.costs[last]));
  return points.filter((point) => point.every(Number.isFinite));
}

function pixel(frame, step, cost) {
  return [
    frame.toX(step),
    cost > 0 || !frame.logarithmic ? frame.toY(cost) : frame.top + frame.height,
  ];
}
