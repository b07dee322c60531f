/** What all views draw with: sharp canvases, colours, lines, signs. */

/** Okabe and Ito's colours, which colour-blind people can tell apart. */
export const RUN_COLOURS = ["#56b4e9", "#009e73", "#cc79a7", "#e69f00", "#0072b2", "#f0e442"];

const VIRIDIS = ["440154", "482878", "3e4989", "31688e", "26828e", "1f9e89", "35b779", "6ece58"];
const VIRIDIS_STOPS = [...VIRIDIS, "b5de2b", "fde725"].map((hex) =>
  [0, 2, 4].map((place) => Number.parseInt(hex.slice(place, place + 2), 16)),
);

const SHADES = 1024;

/** The colours of heights from 0 to 1: red, green and blue of every shade, one after another. */
export const RAMP = Uint8ClampedArray.from({ length: 3 * (SHADES + 1) }, (_, index) => {
  const place = (Math.floor(index / 3) / SHADES) * (VIRIDIS_STOPS.length - 1);
  const below = Math.min(VIRIDIS_STOPS.length - 2, Math.floor(place));
  const [from, to] = [VIRIDIS_STOPS[below][index % 3], VIRIDIS_STOPS[below + 1][index % 3]];
  return from + (to - from) * (place - below);
});

/** Where the ramp holds the colour of a height. */
export function shadeOf(height) {
  return 3 * Math.round(Math.max(0, Math.min(1, height)) * SHADES);
}

/** Read the colours of the page's theme. */
export function themeColours() {
  const style = getComputedStyle(document.documentElement);
  const names = ["page", "panel", "ink", "soft", "rule", "grid", "run", "dot", "best"];
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`)]));
}

/** Make a canvas as sharp as the screen, and clear it. */
export function prepared(canvas) {
  const { width, height } = canvas.parentElement.getBoundingClientRect();
  const density = Math.min(3, window.devicePixelRatio || 1);
  const [across, down] = [Math.round(width * density), Math.round(height * density)];
  if (canvas.width !== across) canvas.width = across;
  if (canvas.height !== down) canvas.height = down;
  const context = canvas.getContext("2d");
  context.setTransform(density, 0, 0, density, 0, 0);
  context.clearRect(0, 0, width, height);
  context.font = `${getComputedStyle(canvas).fontSize} system-ui, sans-serif`;
  context.lineJoin = "round";
  context.lineCap = "round";
  return { context, width, height, density };
}

/** Draw inside a frame only. */
export function within(context, frame, draw) {
  context.save();
  context.beginPath();
  context.rect(frame.left, frame.top, frame.width, frame.height);
  context.clip();
  draw();
  context.restore();
}

export function stroke(context, from, to) {
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
}

/** Draw a line through points of the canvas, however far away some are; NaN parts it. */
export function polyline(context, points) {
  context.beginPath();
  for (const [place, from] of points.slice(0, -1).entries()) {
    const ends = clipped(from, points[place + 1]);
    if (!ends) continue;
    context.moveTo(...ends[0]);
    context.lineTo(...ends[1]);
  }
  context.stroke();
}

/** Canvases of all sizes end before this pixel, and their arithmetic after it. */
const FAR = 1e4;

/** A segment whose ends are both beyond this pixel is more rounding than line. */
const TOO_FAR = 1e12;

/** Cut off what is far away of a segment (Liang and Barsky, 1984); undefined where nothing is left. */
function clipped(...ends) {
  const distance = (point) => Math.max(...point.map(Math.abs));
  const [from, to] = ends.sort((one, other) => distance(one) - distance(other));
  if (!(distance(from) < TOO_FAR)) return undefined;
  const lengths = from.map((start, axis) => to[axis] - start);
  const sides = lengths.map((length, axis) =>
    [-FAR, FAR].map((side) => (side - from[axis]) / length).sort((one, other) => one - other),
  );
  const parts = [
    Math.max(0, ...sides.map(([enters]) => enters)),
    Math.min(1, ...sides.map(([, leaves]) => leaves)),
  ];
  if (!(parts[0] <= parts[1])) return undefined;
  return parts.map((part) => from.map((start, axis) => start + part * lengths[axis]));
}

/** Draw a coloured line on a pale edge, which sets it off from any ground. */
export function casedLine(context, points, colour, { width = 2.25, edge = "#ffffffcc" } = {}) {
  context.strokeStyle = edge;
  context.lineWidth = width + 2;
  polyline(context, points);
  context.strokeStyle = colour;
  context.lineWidth = width;
  polyline(context, points);
}

export function disc(context, [px, py], radius, fill, edge = "#ffffff", width = 2) {
  context.beginPath();
  context.arc(px, py, radius, 0, 2 * Math.PI);
  context.fillStyle = fill;
  context.fill();
  if (!edge) return;
  context.strokeStyle = edge;
  context.lineWidth = width;
  context.stroke();
}

/** Draw an arrow from a point along a direction of length 1. */
export function arrow(context, [px, py], [across, down], length, colour) {
  const tip = [px + across * length, py + down * length];
  const wing = (side) => [
    tip[0] - 9 * across + side * 5 * down,
    tip[1] - 9 * down - side * 5 * across,
  ];
  for (const [style, width] of [
    ["#000000aa", 5],
    [colour, 2.5],
  ]) {
    context.strokeStyle = style;
    context.lineWidth = width;
    stroke(context, [px, py], tip);
    polyline(context, [wing(1), tip, wing(-1)]);
  }
}

/** The signs of the landmarks of a landscape. */
export const SIGNS = {
  global: "the minimum",
  local: "a local minimum",
  saddle: "a saddle",
  maximum: "a maximum",
};

/** Draw the sign of a landmark: a cross, a ring, a lying cross, a triangle. */
export function drawSign(context, kind, [px, py]) {
  const size = 7;
  const shapes = {
    global: () => {
      stroke(context, [px - size, py], [px + size, py]);
      stroke(context, [px, py - size], [px, py + size]);
    },
    local: () => {
      context.beginPath();
      context.arc(px, py, size - 2, 0, 2 * Math.PI);
      context.stroke();
    },
    saddle: () => {
      stroke(context, [px - 5, py - 5], [px + 5, py + 5]);
      stroke(context, [px - 5, py + 5], [px + 5, py - 5]);
    },
    maximum: () => {
      polyline(context, [
        [px - 6, py + 5],
        [px, py - 6],
        [px + 6, py + 5],
        [px - 6, py + 5],
      ]);
    },
  };
  for (const [style, width] of [
    ["#000000bb", 5],
    ["#ffffff", 2.25],
  ]) {
    context.strokeStyle = style;
    context.lineWidth = width;
    shapes[kind]();
  }
}
