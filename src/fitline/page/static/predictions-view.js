/** Of several features: what is predicted of each row, against the truth. */

import { drawAxes, frameOf, marginsOf } from "./axes.js";
import { drawResiduals, drawRows, rangeOf } from "./data-view.js";
import { polyline, prepared, within } from "./drawing.js";

/** Choose a window in which truth and prediction have the same range. */
export function predictionsWindow({ y }) {
  const range = rangeOf(y, 0.15);
  return { x: range, y: range };
}

/** Draw the view; give its frame. */
export function drawPredictions(canvas, scene) {
  const { lesson, colours, dataWindow } = scene;
  const view = prepared(canvas);
  const { context } = view;
  const { x, y } = dataWindow;
  const frame = frameOf(view, marginsOf(view, y), x, y);
  const predictions = predictionsOf(scene);
  drawAxes(context, frame, colours, { x: lesson.y, y: `ŷ: ${lesson.y}, predicted` });
  within(context, frame, () => {
    const errors = predictions.map(([truth, predicted]) => [truth, truth, predicted]);
    drawResiduals(context, frame, colours, errors);
    drawDiagonal(context, frame, colours);
    drawRows(context, frame, colours, predictions);
  });
  return frame;
}

/** Give each row's y and ŷ. */
function predictionsOf({ lesson, theta: [intercept, ...slopes] }) {
  const { x, y } = lesson.points;
  return y.map((truth, row) => [
    truth,
    slopes.reduce((sum, slope, place) => sum + slope * x[place][row], intercept),
  ]);
}

function drawDiagonal(context, frame, colours) {
  const ends = frame.xRange.map((value) => [frame.toX(value), frame.toY(value)]);
  context.strokeStyle = colours.best;
  context.lineWidth = 1.5;
  context.setLineDash([7, 5]);
  polyline(context, ends);
  context.setLineDash([]);
}
