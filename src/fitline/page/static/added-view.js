/** Of several features: what one of them adds to the others, the slope of which is its parameter. */

import { drawAxes, frameOf, marginsOf } from "./axes.js";
import { drawResiduals, drawRows, rangeOf } from "./data-view.js";
import { polyline, prepared, within } from "./drawing.js";
import { dot } from "./mathematics.js";

/** Take away from a feature, and from y, what all others tell of them, row by row. */
export function addedRows({ points, moments, added }, place) {
  const { feature, y } = added[place - 1];
  const { x_mean: means, y_mean: mean } = moments;
  return points.y.map((value, row) => {
    const centred = means.map((each, column) => points.x[column][row] - each);
    return [dot(feature, centred), value - mean - dot(y, centred)];
  });
}

/** Choose a window that holds the rows. */
export function addedWindow(rows) {
  return {
    x: rangeOf(
      rows.map(([x]) => x),
      0.08,
    ),
    y: rangeOf(
      rows.map(([, y]) => y),
      0.15,
    ),
  };
}

/** Draw the view; give its frame. */
export function drawAdded(canvas, scene) {
  const { lesson, colours, theta, added } = scene;
  const { place, rows, window } = added;
  const view = prepared(canvas);
  const { context } = view;
  const frame = frameOf(view, marginsOf(view, window.y), window.x, window.y);
  const told = "less what the others explain";
  drawAxes(context, frame, colours, {
    x: `${lesson.x[place - 1]}, ${told}`,
    y: `${lesson.y}, ${told}`,
  });
  within(context, frame, () => {
    const slope = theta[place];
    drawResiduals(
      context,
      frame,
      colours,
      rows.map(([x, y]) => [x, y, slope * x]),
    );
    context.setLineDash([7, 5]);
    drawSlope(context, frame, lesson.moments.theta[place], colours.best, 1.5);
    context.setLineDash([]);
    drawSlope(context, frame, slope, colours.panel, 6);
    drawSlope(context, frame, slope, colours.run, 3);
    drawRows(context, frame, colours, rows);
  });
  return frame;
}

function drawSlope(context, frame, slope, colour, width) {
  context.strokeStyle = colour;
  context.lineWidth = width;
  polyline(
    context,
    frame.xRange.map((x) => [frame.toX(x), frame.toY(slope * x)]),
  );
}
