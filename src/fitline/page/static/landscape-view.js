/** The cost over two parameters from above, with the runs on it. */

import { drawAxes, frameOf, marginsOf } from "./axes.js";
import { paintContours } from "./contours.js";
import { arrow, casedLine, disc, drawSign, prepared, within } from "./drawing.js";
import { isOnPaper, onScreen } from "./print.js";
import { span } from "./windows.js";

/** Points of a path closer than this many pixels are one. */
const NEAR = 0.7;

/** A window that fills the view but for its margins has units so nearly alike. */
const ALIKE = 1.2;

/** Of so many updates in batches each is drawn; then no more than where each epoch ends. */
const MOST_UPDATES = 1500;

/** Remember the last painted ground, which changes only with its window and size. */
export function landscapeDrawer() {
  let painted = {};
  return (canvas, scene) => {
    const view = prepared(canvas);
    const { context, density } = view;
    const frame = { ...frameIn(view, scene), pair: scene.plane.pair };
    painted = paintedOf(scene.contours, frame, density, painted);
    context.drawImage(painted.picture, frame.left, frame.top, frame.width, frame.height);
    drawTitledAxes(context, frame, scene);
    within(context, frame, () => drawRuns(context, frame, scene));
    pointOutside(context, frame, scene);
    return frame;
  };
}

/** Frame the window; in scaled coordinates with units alike, to the pixel. */
function frameIn(view, { window: { across, up }, plane }) {
  const margins = marginsOf(view, up);
  const frame = frameOf(view, margins, across, up);
  const [wide, high] = [frame.width / span(across), frame.height / span(up)];
  if (plane.kind === "none" || wide > ALIKE * high || high > ALIKE * wide) return frame;
  const unit = Math.min(wide, high);
  margins.left += frame.width - unit * span(across);
  margins.bottom += frame.height - unit * span(up);
  return frameOf(view, margins, across, up);
}

function paintedOf(contours, frame, density, painted) {
  const [width, height] = [frame.width, frame.height].map((side) => Math.round(side * density));
  const isSame =
    painted.contours === contours && painted.width === width && painted.height === height;
  if (isSame) return painted;
  return { contours, width, height, picture: paintContours(contours, width, height) };
}

function drawTitledAxes(context, frame, { titles, theta, colours }) {
  const isInside = frame.holds(place(frame, theta));
  const hint = onScreen(isInside ? "drag the ring, or click" : "outside: press Fit");
  drawAxes(context, frame, colours, { x: titles.across, y: titles.up, grid: false, hint });
}

function drawRuns(context, frame, scene) {
  for (const { run, colour } of scene.starts) drawStart(context, frame, run, colour);
  for (const { kind, theta } of scene.landmarks) drawSign(context, kind, place(frame, theta));
  for (const { run, colour } of scene.kept) {
    drawPath(context, frame, run, run.reach(scene.clock), colour, 2);
    disc(context, place(frame, run.theta(run.reach(scene.clock))), 4.5, colour);
  }
  drawPath(context, frame, scene.run, scene.step, scene.colours.run, 2.25);
  drawDownhill(context, frame, scene);
  disc(context, place(frame, scene.theta), 6, scene.colours.run);
  if (isOnPaper()) drawRing(context, place(frame, scene.run.theta(0)));
}

/** Draw the ring of the start, which on a screen is a handle. */
function drawRing(context, point) {
  for (const [radius, colour, width] of [
    [11, "#000000", 1.5],
    [9, "#ffffff", 3],
    [7, "#000000", 1.5],
  ]) {
    context.beginPath();
    context.arc(...point, radius, 0, 2 * Math.PI);
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.stroke();
  }
}

function drawStart(context, frame, run, colour) {
  context.globalAlpha = 0.85;
  casedLine(context, pathOf(frame, run, run.last, 0), colour, { width: 1.6, edge: "#00000066" });
  disc(context, place(frame, run.theta(0)), 4, colour, "#000000aa", 1);
  context.globalAlpha = 1;
}

function drawPath(context, frame, run, step, colour, width) {
  const points = pathOf(frame, run, step);
  casedLine(context, points, colour, { width });
  const isSparse = points.length < 400;
  for (const point of isSparse ? points : []) disc(context, point, 2.6, colour, "#ffffffcc", 1);
}

/** Give the pixels of a path, without those that fall together. */
export function pathOf(frame, run, step, most = MOST_UPDATES) {
  const points = [];
  let before = [Number.POSITIVE_INFINITY, 0];
  for (const [theta, isLast] of thetasOf(run, step, most)) {
    const point = place(frame, theta);
    const moved = Math.hypot(point[0] - before[0], point[1] - before[1]);
    if (!(moved >= NEAR) && !isLast) continue;
    if (!point.every(Number.isFinite)) break;
    points.push(point);
    before = point;
  }
  return points;
}

/** Give where each update of the steps ends, of many the first ones, and whether it is the last. */
function* thetasOf(run, step, most) {
  let updates = 0;
  for (let index = 0; index <= step; index += 1) {
    const trail = updates < most ? run.trail(index) : [run.theta(index)];
    updates += trail.length;
    for (const [place, theta] of trail.entries()) {
      yield [theta, index === step && place === trail.length - 1];
    }
  }
}

/** Give where parameters are seen, in pixels. */
export function place({ pair, toX, toY }, theta) {
  const [first, second] = pair(theta);
  return [toX(first), toY(second)];
}

/** Draw the direction of the next step; the arrow grows with the step, within limits. */
function drawDownhill(context, frame, { run, step, theta }) {
  if (!run.after(step)) return;
  const from = place(frame, theta);
  const to = place(frame, run.theta(step + 1));
  const [across, down] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(across, down);
  if (!(length > 0 && length < 1e12)) return;
  const shown = Math.max(30, Math.min(80, length));
  arrow(context, from, [across / length, down / length], shown, "#ffffff");
}

/** Where the run has left the view, point to it from the edge. */
function pointOutside(context, frame, { theta, colours }) {
  const point = place(frame, theta);
  if (frame.holds(point)) return;
  const centre = [frame.left + frame.width / 2, frame.top + frame.height / 2];
  const angle = Math.atan2(point[1] - centre[1], point[0] - centre[0]) || 0;
  const [across, down] = [Math.cos(angle), Math.sin(angle)];
  const reach = Math.min(frame.width / 2 / Math.abs(across), frame.height / 2 / Math.abs(down));
  const tail = reach - 42;
  const from = [centre[0] + across * tail, centre[1] + down * tail];
  arrow(context, from, [across, down], 34, colours.run);
}
