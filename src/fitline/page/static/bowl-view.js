/** The cost as a surface that can be turned. */

import { casedLine, disc, prepared, RAMP, shadeOf, stroke } from "./drawing.js";
import { parameterName } from "./planes.js";
import { span } from "./windows.js";

const CELLS = 36;
const STEEPEST = 0.95;
const FLATTEST = 0.45;
const DIAGONAL = Math.SQRT2;
const MARGIN = 8;
const MOST_POINTS = 2000;
const MOST_UNLIKE = 4;

/** So far above the surface a path is drawn, lest it sink in. */
const ABOVE = 0.012;

/** Where a path is outside the window. */
const GAP = [Number.NaN, Number.NaN];

const FLOOR = [
  [-0.5, -0.5, 0],
  [0.5, -0.5, 0],
  [0.5, 0.5, 0],
  [-0.5, 0.5, 0],
];

/** Remember the heights of the surface, which change only with the window. */
export function bowlDrawer() {
  let known = {};
  return (canvas, scene, angles) => {
    if (known.contours !== scene.contours) known = surfaceOf(scene);
    const { context, width, height } = prepared(canvas);
    const project = projection(width, height, known, startsOf(scene), angles);
    drawFloor(context, project, scene);
    drawSurface(context, project, known);
    for (const { run, colour } of scene.starts) {
      drawPath(context, project, scene, run, run.last, colour, 1.25);
    }
    for (const { run, colour } of scene.kept) {
      drawPath(context, project, scene, run, run.reach(scene.clock), colour, 2);
    }
    drawPath(context, project, scene, scene.run, scene.step, scene.colours.run, 2.25);
  };
}

/** Give where the runs start, of several features above the surface. */
function startsOf(scene) {
  const runs = [scene.run, ...scene.kept.map(({ run }) => run)];
  return runs.map((run) => onSurface(scene, run, 0)).filter(Boolean);
}

function surfaceOf({ contours, plane, window }) {
  const at = ([low, high], part) => low + (high - low) * part;
  const corners = [];
  for (let row = 0; row <= CELLS; row += 1) {
    for (let column = 0; column <= CELLS; column += 1) {
      const [across, along] = [column / CELLS, row / CELLS];
      const cost = plane.cost([at(window.across, across), at(window.up, along)]);
      corners.push({
        point: [across - 0.5, along - 0.5, heightOf(contours, cost)],
        tone: contours.tone(cost),
      });
    }
  }
  return { contours, corners, cells: cellsOf(corners), sides: sidesOf(plane, window) };
}

/** Give how long the sides of the floor are; in scaled coordinates their units are alike. */
function sidesOf({ kind }, { across, up }) {
  const longest = Math.max(span(across), span(up));
  const shortest = Math.min(span(across), span(up));
  if (kind === "none" || longest > MOST_UNLIKE * shortest) return [1, 1];
  return [span(across) / longest, span(up) / longest];
}

/** Give the corners of every cell, and its colour. */
function cellsOf(corners) {
  const cells = [];
  for (let row = 0; row < CELLS; row += 1) {
    for (let column = 0; column < CELLS; column += 1) {
      const corner = row * (CELLS + 1) + column;
      const around = [corner, corner + 1, corner + CELLS + 2, corner + CELLS + 1];
      const tone = around.reduce((sum, place) => sum + corners[place].tone, 0) / 4;
      const shade = shadeOf(tone);
      const colour = `rgb(${RAMP[shade]} ${RAMP[shade + 1]} ${RAMP[shade + 2]})`;
      cells.push({ around, colour });
    }
  }
  return cells;
}

/** The height on the bowl of a cost, from 0 to 1. */
function heightOf({ lowest, highest }, cost) {
  return Math.min(1, Math.max(0, (cost - lowest) / (highest - lowest || 1)));
}

/**
 * Look at a surface from a side and from above, in parallel, as large as the view allows; in a low
 * one it is flatter, and so larger.
 */
function projection(width, height, { corners, sides: [wide, deep] }, starts, { turn, tilt }) {
  const [cosine, sine] = [Math.cos(turn), Math.sin(turn)];
  const [up, flat] = [Math.cos(tilt), Math.sin(tilt)];
  const widest = (width - 2 * MARGIN) / DIAGONAL;
  const depth = flat * (Math.abs(sine * wide) + Math.abs(cosine * deep));
  const left = ((height - 2 * MARGIN) / widest - depth) / up;
  const steepness = Math.max(FLATTEST, Math.min(STEEPEST, left));
  const seen = ([part, far, high]) => {
    const [across, along] = [part * wide, far * deep];
    const away = across * sine + along * cosine;
    return [across * cosine - along * sine, -high * steepness * up - away * flat, away];
  };
  const points = [...corners.map(({ point }) => point), ...FLOOR, ...starts].map(seen);
  const heights = points.map(([, down]) => down);
  const [top, bottom] = [Math.min(...heights), Math.max(...heights)];
  const size = Math.min(widest, (height - 2 * MARGIN) / (bottom - top));
  return (point) => {
    const [right, down, away] = seen(point);
    return [width / 2 + right * size, height / 2 + (down - (top + bottom) / 2) * size, away];
  };
}

function drawSurface(context, project, { corners, cells }) {
  const seen = corners.map(({ point }) => project(point));
  const away = ({ around }) => seen[around[0]][2] + seen[around[2]][2];
  context.lineWidth = 0.6;
  context.strokeStyle = "rgb(255 255 255 / 0.28)";
  for (const { around, colour } of cells.toSorted((one, other) => away(other) - away(one))) {
    context.beginPath();
    for (const place of around) context.lineTo(seen[place][0], seen[place][1]);
    context.closePath();
    context.fillStyle = colour;
    context.fill();
    context.stroke();
  }
}

/** Draw the edges of the floor, with the name of each. */
function drawFloor(context, project, { colours, plane }) {
  const corners = FLOOR.map(project);
  context.strokeStyle = colours.rule;
  context.lineWidth = 1;
  for (const [place, corner] of corners.entries()) {
    stroke(context, corner.slice(0, 2), corners[(place + 1) % 4].slice(0, 2));
  }
  context.fillStyle = colours.soft;
  context.textAlign = "center";
  context.textBaseline = "middle";
  const sides = [
    [parameterName(plane.axes[0], plane.kind), [0, -0.6, 0], [0, 0.6, 0]],
    [parameterName(plane.axes[1], plane.kind), [-0.6, 0, 0], [0.6, 0, 0]],
  ];
  for (const [name, ...places] of sides) {
    const [nearest] = places.map(project).sort((one, other) => one[2] - other[2]);
    context.fillText(name, nearest[0], nearest[1]);
  }
}

function drawPath(context, project, scene, run, step, colour, width) {
  const every = Math.max(1, Math.floor(step / MOST_POINTS));
  const points = [];
  for (let index = 0; index < step; index += every) points.push(onSurface(scene, run, index));
  const end = onSurface(scene, run, step);
  const pixels = [...points, end].map((point) => (point ? project(point).slice(0, 2) : GAP));
  const edge = width < 2 ? "#00000055" : "#ffffffaa";
  casedLine(context, pixels, colour, { width, edge });
  if (end) disc(context, project(end).slice(0, 2), width > 2 ? 5.5 : 3.5, colour);
}

/** Give the point of the surface where a run stands; undefined outside the window. */
function onSurface({ contours, plane, window }, run, step) {
  const part = ([low, high], value) => (value - low) / (high - low) - 0.5;
  const [first, second] = plane.pair(run.theta(step));
  const [across, along] = [part(window.across, first), part(window.up, second)];
  if (!(Math.abs(across) <= 0.5 && Math.abs(along) <= 0.5)) return undefined;
  return [across, along, heightOf(contours, run.costs[step]) + ABOVE];
}
