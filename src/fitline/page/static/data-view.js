/** The table's rows, the line, and the line's errors. */

import { drawAxes, frameOf, marginsOf } from "./axes.js";
import { disc, polyline, prepared, stroke, within } from "./drawing.js";

/** More residuals than these would hide the line. */
const MOST_RESIDUALS = 400;

/** Choose a window that holds the rows with room for lines. */
export function dataWindow({ x, y }) {
  const [left, right] = padded(extent(x), 0.08);
  const [bottom, top] = padded(extent(y), 0.3);
  return { x: [left, right], y: [bottom, top] };
}

function extent(values) {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return [least, most];
}

function padded([low, high], part) {
  const room = (high - low) * part || Math.abs(low) * part || 1;
  return [low - room, high + room];
}

/** Draw the view; give its frame. */
export function drawData(canvas, scene) {
  const { lesson, colours, theta } = scene;
  const view = prepared(canvas);
  const { context } = view;
  const { x, y } = scene.dataWindow;
  const frame = frameOf(view, marginsOf(view, y), x, y);
  drawAxes(context, frame, colours, { x: lesson.x, y: lesson.y });
  within(context, frame, () => {
    drawResiduals(context, frame, scene);
    drawBestLines(context, frame, scene);
    for (const { run, colour } of scene.kept) {
      context.globalAlpha = 0.9;
      drawLine(context, frame, run.theta(run.reach(scene.clock)), colour, 2);
    }
    context.globalAlpha = 1;
    drawLine(context, frame, theta, colours.panel, 6);
    drawLine(context, frame, theta, colours.run, 3);
    drawRows(context, frame, scene);
  });
  return frame;
}

function drawBestLines(context, frame, { minima, colours }) {
  for (const { theta, kind } of minima) {
    context.setLineDash(kind === "global" ? [7, 5] : [2, 5]);
    drawLine(context, frame, theta, colours.best, 1.5);
  }
  context.setLineDash([]);
}

function drawLine(context, frame, [intercept, slope], colour, width) {
  context.strokeStyle = colour;
  context.lineWidth = width;
  polyline(
    context,
    frame.xRange.map((x) => [frame.toX(x), frame.toY(intercept + slope * x)]),
  );
}

function drawResiduals(context, frame, { lesson, colours, theta }) {
  const { x, y } = lesson.points;
  if (x.length > MOST_RESIDUALS) return;
  context.strokeStyle = colours.run;
  context.globalAlpha = 0.55;
  context.lineWidth = x.length > 60 ? 1 : 1.75;
  for (const [row, value] of x.entries()) {
    const px = frame.toX(value);
    const predicted = frame.toY(theta[0] + theta[1] * value);
    const bounded = Math.max(-9999, Math.min(9999, predicted));
    stroke(context, [px, frame.toY(y[row])], [px, bounded]);
  }
  context.globalAlpha = 1;
}

function drawRows(context, frame, { lesson, colours }) {
  const { x, y } = lesson.points;
  const radius = x.length > 400 ? 1.75 : x.length > 60 ? 3 : 5;
  context.globalAlpha = x.length > 400 ? 0.45 : 1;
  const edge = x.length > 400 ? null : colours.panel;
  for (const [row, value] of x.entries()) {
    disc(context, [frame.toX(value), frame.toY(y[row])], radius, colours.dot, edge, 1.5);
  }
  context.globalAlpha = 1;
}
