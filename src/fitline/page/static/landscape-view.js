/** The cost over θ0 and θ1 from above, with the walks on it. */

import { drawAxes, frameOf, marginsOf } from "./axes.js";
import { paintContours } from "./contours.js";
import { arrow, casedLine, disc, drawSign, prepared, within } from "./drawing.js";

/** Points of a path closer than this many pixels are one. */
const NEAR = 0.7;

/** Remember the last painted ground, which changes only with its window and size. */
export function landscapeDrawer(table) {
  let painted = {};
  return (canvas, scene) => {
    const view = prepared(canvas);
    const { context, density } = view;
    const { theta0, theta1 } = scene.window;
    const frame = frameOf(view, marginsOf(view, theta1), theta0, theta1);
    painted = paintedOf(table, scene.contours, frame, density, painted);
    context.drawImage(painted.picture, frame.left, frame.top, frame.width, frame.height);
    drawTitledAxes(context, frame, scene);
    within(context, frame, () => drawWalks(context, frame, scene));
    pointOutside(context, frame, scene);
    return frame;
  };
}

function paintedOf(table, contours, frame, density, painted) {
  const [width, height] = [frame.width, frame.height].map((side) => Math.round(side * density));
  const isSame =
    painted.contours === contours && painted.width === width && painted.height === height;
  if (isSame) return painted;
  return { contours, width, height, picture: paintContours(table, contours, width, height) };
}

function drawTitledAxes(context, frame, { titles, theta, colours }) {
  const isInside = frame.holds(place(frame, theta));
  const hint = isInside ? "drag the ring, or click" : "outside: press Fit";
  drawAxes(context, frame, colours, { x: titles.theta0, y: titles.theta1, grid: false, hint });
}

function drawWalks(context, frame, scene) {
  for (const { walk, colour } of scene.starts) drawStart(context, frame, walk, colour);
  for (const { kind, theta } of scene.landmarks) drawSign(context, kind, place(frame, theta));
  for (const { walk, colour } of scene.kept) {
    drawPath(context, frame, walk, walk.reach(scene.clock), colour, 2);
    disc(context, place(frame, walk.theta(walk.reach(scene.clock))), 4.5, colour);
  }
  drawPath(context, frame, scene.walk, scene.step, scene.colours.walk, 2.25);
  drawDownhill(context, frame, scene);
  disc(context, place(frame, scene.theta), 6, scene.colours.walk);
}

function drawStart(context, frame, walk, colour) {
  context.globalAlpha = 0.85;
  casedLine(context, pathOf(frame, walk, walk.last), colour, { width: 1.6, edge: "#00000066" });
  disc(context, place(frame, walk.theta(0)), 4, colour, "#000000aa", 1);
  context.globalAlpha = 1;
}

function drawPath(context, frame, walk, step, colour, width) {
  const points = pathOf(frame, walk, step);
  casedLine(context, points, colour, { width });
  const isSparse = points.length < 400;
  for (const point of isSparse ? points : []) disc(context, point, 2.6, colour, "#ffffffcc", 1);
}

/** Give the pixels of a path, without those that fall together. */
export function pathOf(frame, walk, step) {
  const points = [];
  let before = [Number.POSITIVE_INFINITY, 0];
  for (let index = 0; index <= step; index += 1) {
    const point = place(frame, walk.theta(index));
    const moved = Math.hypot(point[0] - before[0], point[1] - before[1]);
    if (!(moved >= NEAR) && index < step) continue;
    if (!point.every(Number.isFinite)) break;
    points.push(point);
    before = point;
  }
  return points;
}

export function place(frame, theta) {
  return [frame.toX(theta[0]), frame.toY(theta[1])];
}

/** Point the way of the next step; its length tells the way only where the step is long. */
function drawDownhill(context, frame, { walk, step, theta }) {
  if (!walk.after(step)) return;
  const from = place(frame, theta);
  const to = place(frame, walk.theta(step + 1));
  const [across, down] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(across, down);
  if (!(length > 0 && length < 1e12)) return;
  const shown = Math.max(30, Math.min(80, length));
  arrow(context, from, [across / length, down / length], shown, "#ffffff");
}

/** Where the walk has left the view, point to it from the edge. */
function pointOutside(context, frame, { theta, colours }) {
  const point = place(frame, theta);
  if (frame.holds(point)) return;
  const centre = [frame.left + frame.width / 2, frame.top + frame.height / 2];
  const angle = Math.atan2(point[1] - centre[1], point[0] - centre[0]) || 0;
  const [across, down] = [Math.cos(angle), Math.sin(angle)];
  const reach = Math.min(frame.width / 2 / Math.abs(across), frame.height / 2 / Math.abs(down));
  const tail = reach - 42;
  const from = [centre[0] + across * tail, centre[1] + down * tail];
  arrow(context, from, [across, down], 34, colours.walk);
}
