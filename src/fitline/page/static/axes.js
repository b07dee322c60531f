/** Frames with scales, and the axes around them. */

import { stroke } from "./drawing.js";
import { brief, logarithmicTicks, tickLabels, ticks } from "./numbers.js";

const MOST_TICKS = 8;
const MARGIN = 16;

/** A rectangle of the canvas with a scale along each side; `toX`, `toY` give pixels. */
export function frameOf({ width, height }, margins, xRange, yRange, logarithmic = false) {
  const box = {
    left: margins.left,
    top: margins.top,
    width: Math.max(1, width - margins.left - margins.right),
    height: Math.max(1, height - margins.top - margins.bottom),
  };
  const warp = logarithmic ? Math.log10 : (value) => value;
  const [low, high] = yRange.map(warp);
  return {
    ...box,
    xRange,
    yRange,
    logarithmic,
    toX: (x) => box.left + ((x - xRange[0]) / (xRange[1] - xRange[0])) * box.width,
    toY: (y) => box.top + (1 - (warp(y) - low) / (high - low)) * box.height,
    fromX: (px) => xRange[0] + ((px - box.left) / box.width) * (xRange[1] - xRange[0]),
    fromY: (py) => low + (1 - (py - box.top) / box.height) * (high - low),
    holds: ([px, py]) =>
      px >= box.left && px <= box.left + box.width && py >= box.top && py <= box.top + box.height,
  };
}

/** Give the margins of a frame, wide enough for the labels of its ticks. */
export function marginsOf({ context, height }, yRange, logarithmic = false) {
  const margins = { right: MARGIN, top: 28, bottom: 38 };
  const { labels } = yTicksOf(yRange, height - margins.top - margins.bottom, logarithmic);
  const widths = labels.map((label) => context.measureText(label).width);
  return { ...margins, left: Math.max(40, 14 + Math.max(0, ...widths)) };
}

function yTicksOf(range, height, logarithmic) {
  if (!logarithmic) {
    const values = ticks(range, Math.min(MOST_TICKS, height / 34));
    return { values, labels: tickLabels(values) };
  }
  const values = logarithmicTicks(range, height / 24);
  return { values, labels: values.map((value) => brief(value, 1)) };
}

/** Draw the axes of a frame with round ticks, titles, and a hint in the corner. */
export function drawAxes(context, frame, colours, { x, y, hint, grid = true, whole = false }) {
  const xTicks = ticks(frame.xRange, Math.min(MOST_TICKS, frame.width / 66)).filter(
    (tick) => !whole || Number.isInteger(tick),
  );
  context.strokeStyle = colours.grid;
  context.lineWidth = 1;
  context.fillStyle = colours.soft;
  drawXTicks(context, frame, xTicks, grid);
  drawYTicks(context, frame, grid);
  drawTitles(context, frame, x, y, hint);
}

function drawXTicks(context, frame, values, grid) {
  context.textAlign = "center";
  context.textBaseline = "top";
  const bottom = frame.top + frame.height;
  const labels = tickLabels(values);
  const widest = Math.max(0, ...labels.map((label) => context.measureText(label).width));
  const every = Math.ceil(((widest + 10) * values.length) / frame.width);
  for (const [place, label] of labels.entries()) {
    const px = frame.toX(values[place]);
    if (grid) stroke(context, [px, frame.top], [px, bottom]);
    const rightmost = frame.left + frame.width + MARGIN - context.measureText(label).width / 2;
    if (place % every === 0) context.fillText(label, Math.min(px, rightmost), bottom + 6);
  }
}

function drawYTicks(context, frame, grid) {
  context.textAlign = "right";
  context.textBaseline = "middle";
  const { values, labels } = yTicksOf(frame.yRange, frame.height, frame.logarithmic);
  for (const [place, label] of labels.entries()) {
    const py = frame.toY(values[place]);
    if (grid) stroke(context, [frame.left, py], [frame.left + frame.width, py]);
    context.fillText(label, frame.left - 7, py);
  }
}

function drawTitles(context, frame, x, y, hint) {
  context.textAlign = "right";
  context.textBaseline = "top";
  context.fillText(
    fitting(context, x, frame.left + frame.width - 4),
    frame.left + frame.width,
    frame.top + frame.height + 22,
  );
  context.textAlign = "left";
  const taken = context.measureText(`${x}${hint}`).width;
  if (hint && taken < frame.width - 20) {
    context.fillText(hint, frame.left, frame.top + frame.height + 22);
  }
  context.textBaseline = "bottom";
  context.fillText(
    fitting(context, y, frame.width + frame.left - 8 - takenOf(context)),
    4,
    frame.top - 10,
  );
}

/** Give how much of the line above a frame its buttons take. */
function takenOf({ canvas }) {
  const buttons = canvas.parentElement.querySelector(".corner");
  return buttons && buttons.offsetTop >= 0 ? buttons.offsetWidth : 0;
}

/** Cut a text that is wider than its place. */
function fitting(context, text, width) {
  if (context.measureText(text).width <= width) return text;
  let length = Math.min(text.length, 200);
  while (length > 1 && context.measureText(`${text.slice(0, length)}…`).width > width) length -= 1;
  return `${text.slice(0, length)}…`;
}
