/** The table's rows, the line, and the line's errors. */

import { drawAxes, frameOf, marginsOf } from "./axes.js";
import { disc, polyline, prepared, stroke, within } from "./drawing.js";

/** More residuals than these would hide the line. */
const MOST_RESIDUALS = 400;

/** To hold a line, the window of the rows is widened by so much of its height on either side. */
const MOST_WIDENED = 0.6;

/** Choose a window that holds all rows with room for lines, and of one line as much as it may. */
export function dataWindow({ points, held_out: unseen }, [intercept, slope]) {
  const all = [points, unseen?.points].filter(Boolean);
  const [x, y] = [all.flatMap(({ x: [values] }) => values), all.flatMap(({ y: values }) => values)];
  const [across, [low, high]] = [rangeOf(x, 0.08), rangeOf(y, 0.3)];
  const most = MOST_WIDENED * (high - low);
  const ends = across.map((place) => intercept + slope * place).filter(Number.isFinite);
  return {
    x: across,
    y: [
      Math.max(low - most, Math.min(low, ...ends)),
      Math.min(high + most, Math.max(high, ...ends)),
    ],
  };
}

/** Give between which x a line is in a frame, a little inside; null where it is nowhere. */
export function seenOf({ left, top, width, height, fromX, fromY }, [intercept, slope]) {
  const inset = ASIDE * width;
  const across = [fromX(left + inset), fromX(left + width - inset)];
  const heights = [fromY(top + height - INSET), fromY(top + INSET)];
  const crossed = heights.map((y) => (y - intercept) / slope).sort((one, other) => one - other);
  const isLevel = slope === 0 && intercept >= heights[0] && intercept <= heights[1];
  const [low, high] = isLevel ? across : crossed;
  const seen = [Math.max(across[0], low), Math.min(across[1], high)];
  return seen[0] <= seen[1] ? seen : null;
}

/** Give the place of a frame nearest to a point in which a line can be seen. */
export function insideOf({ left, top, width, height }, [px, py]) {
  const within = (value, low, high) => Math.max(low, Math.min(high, value));
  const [side, edge] = [ASIDE * width, INSET + 2];
  return [
    within(px, left + side, left + width - side),
    within(py, top + edge, top + height - edge),
  ];
}

/** Handles keep so much of the frame's width, and so many pixels of its height, free beside them. */
const ASIDE = 0.04;
const INSET = 14;

/** Give a range that holds values with some room. */
export function rangeOf(values, room) {
  return padded(extent(values), room);
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
  drawAxes(context, frame, colours, { x: lesson.x[0], y: lesson.y });
  within(context, frame, () => {
    if (scene.squares) drawSquares(context, frame, colours, residualsOf(scene));
    drawResiduals(context, frame, colours, residualsOf(scene));
    drawBestLines(context, frame, scene);
    for (const { run, colour } of scene.kept) {
      context.globalAlpha = 0.9;
      drawLine(context, frame, run.theta(run.reach(scene.clock)), colour, 2);
    }
    context.globalAlpha = 1;
    drawLine(context, frame, theta, colours.panel, 6);
    drawLine(context, frame, theta, colours.run, 3);
    drawUnseen(context, frame, scene);
    drawRows(context, frame, colours, rowsOf(scene));
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

/** Give each row with its height on the line. */
function residualsOf({ lesson, theta }) {
  const { x, y } = lesson.points;
  return y.map((value, row) => [x[0][row], value, theta[0] + theta[1] * x[0][row]]);
}

function rowsOf({ lesson }) {
  const { x, y } = lesson.points;
  return y.map((value, row) => [x[0][row], value]);
}

/** Draw the square of each error, whose side is the error as it is seen. */
function drawSquares(context, frame, colours, residuals) {
  [context.fillStyle, context.strokeStyle, context.lineWidth] = [colours.run, colours.run, 1];
  for (const [x, from, to] of residuals) {
    const [px, py, side] = [frame.toX(x), frame.toY(from), frame.toY(to) - frame.toY(from)];
    const isBeyond = px + side > frame.left + frame.width || px + side < frame.left;
    const square = [px, py, isBeyond ? -side : side, side];
    context.globalAlpha = 0.14;
    context.fillRect(...square);
    context.globalAlpha = 0.4;
    context.strokeRect(...square);
  }
  context.globalAlpha = 1;
}

/** More squares than these would hide each other. */
const MOST_SQUARES = 60;

/** Tell whether the errors of a lesson are drawn as squares. */
export function mayHaveSquares({ x, points, cost }) {
  return x.length === 1 && cost.is_quadratic && points.y.length <= MOST_SQUARES;
}

/** Draw rings for the rows held out. */
function drawUnseen(context, frame, { lesson, colours }) {
  const { x = [[]], y = [] } = lesson.held_out?.points ?? {};
  const radius = y.length > 60 ? 2.5 : 4.5;
  for (const [row, value] of y.entries()) {
    disc(
      context,
      [frame.toX(x[0][row]), frame.toY(value)],
      radius,
      colours.panel,
      colours.dot,
      1.5,
    );
  }
}

/** Draw the error of each row, from one height to another. */
export function drawResiduals(context, frame, colours, residuals) {
  if (residuals.length > MOST_RESIDUALS) return;
  context.strokeStyle = colours.run;
  context.globalAlpha = 0.55;
  context.lineWidth = residuals.length > 60 ? 1 : 1.75;
  for (const [x, from, to] of residuals) {
    const px = frame.toX(x);
    const bounded = Math.max(-9999, Math.min(9999, frame.toY(to)));
    stroke(context, [px, frame.toY(from)], [px, bounded]);
  }
  context.globalAlpha = 1;
}

/** Draw a dot for each row. */
export function drawRows(context, frame, colours, rows) {
  const radius = rows.length > 400 ? 1.75 : rows.length > 60 ? 3 : 5;
  context.globalAlpha = rows.length > 400 ? 0.45 : 1;
  const edge = rows.length > 400 ? null : colours.panel;
  for (const [x, y] of rows) {
    disc(context, [frame.toX(x), frame.toY(y)], radius, colours.dot, edge, 1.5);
  }
  context.globalAlpha = 1;
}
