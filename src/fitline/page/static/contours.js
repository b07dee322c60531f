/** Contours: the cost over a window, ranked, so that every level has its colour. */

import { RAMP, shadeOf } from "./drawing.js";

const SURVEY = 72;
const LEVELS = 128;
const LINES = 14;

/** How many residuals a picture may cost. */
const PATIENCE = 8e6;
const MOST_CELLS = 5e5;

/**
 * Rank the costs of a window. `tone` turns a cost into a height from 0 to 1, `costAt` turns it
 * back. The root of the rank spreads the rings of a bowl evenly, so that its floor shows too.
 */
export function contoursOf(plane, window) {
  const points = Math.max(24, Math.min(SURVEY, Math.floor(Math.sqrt(PATIENCE / plane.effort / 4))));
  const costs = survey(plane.cost, window, points, points).sort();
  const levels = Float64Array.from({ length: LEVELS + 1 }, (_, level) => {
    return costs[Math.round((level / LEVELS) * (costs.length - 1))];
  });
  return {
    plane,
    window,
    lowest: levels[0],
    highest: levels[LEVELS],
    tone: (cost) => Math.sqrt(rank(levels, cost)),
    costAt: (height) => levels[Math.round(height ** 2 * LEVELS)],
  };
}

function rank(levels, cost) {
  if (!(cost > levels[0])) return 0;
  if (cost >= levels[LEVELS]) return 1;
  let [low, high] = [0, LEVELS];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (levels[middle] <= cost) low = middle;
    else high = middle;
  }
  return (low + (cost - levels[low]) / (levels[high] - levels[low])) / LEVELS;
}

/** Measure the cost on a grid, row by row from the top; cells are measured at their centres. */
function survey(costOf, { across, up }, columns, rows) {
  const costs = new Float64Array(columns * rows);
  const pair = [0, 0];
  for (let row = 0; row < rows; row += 1) {
    pair[1] = up[1] - ((row + 0.5) / rows) * (up[1] - up[0]);
    for (let column = 0; column < columns; column += 1) {
      pair[0] = across[0] + ((column + 0.5) / columns) * (across[1] - across[0]);
      costs[row * columns + column] = costOf(pair);
    }
  }
  return costs;
}

/** Paint the levels with the contours between them, on a canvas of its own. */
export function paintContours(contours, width, height) {
  const fineness = Math.min(1, Math.sqrt(MOST_CELLS / (width * height)));
  const [columns, rows] = [width, height].map((size) => Math.max(2, Math.round(size * fineness)));
  const heights = heightsOf(contours, columns, rows);
  const picture = document.createElement("canvas");
  picture.width = columns;
  picture.height = rows;
  const context = picture.getContext("2d");
  const image = context.createImageData(columns, rows);
  for (let cell = 0; cell < heights.length; cell += 1) {
    const line = 0.42 * lineAt(heights, columns, rows, cell, fineness);
    const shade = shadeOf(heights[cell]);
    for (let channel = 0; channel < 3; channel += 1) {
      const colour = RAMP[shade + channel];
      image.data[4 * cell + channel] = colour + (255 - colour) * line;
    }
    image.data[4 * cell + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  return picture;
}

/** Tell how much of a level line crosses a cell: its distance to one, in cells. */
function lineAt(heights, columns, rows, cell, fineness) {
  const right = (cell + 1) % columns === 0 ? cell - 1 : cell + 1;
  const below = cell + columns < columns * rows ? cell + columns : cell - columns;
  const slope = Math.hypot(heights[right] - heights[cell], heights[below] - heights[cell]);
  const level = Math.round(heights[cell] * LINES);
  if (level === 0 || level === LINES || slope === 0) return 0;
  const distance = Math.abs(heights[cell] - level / LINES) / slope;
  return Math.max(0, Math.min(1, 0.5 + 0.7 * fineness - distance));
}

/** Give the height of every cell; where rows are many, measure fewer and go straight between. */
function heightsOf({ plane, tone, window }, columns, rows) {
  const coarse = Math.min(1, Math.sqrt(PATIENCE / plane.effort / (columns * rows)));
  const [wide, high] = [columns, rows].map((size) => Math.max(48, Math.round(size * coarse)));
  if (wide >= columns || high >= rows) {
    return survey(plane.cost, window, columns, rows).map(tone);
  }
  const measured = survey(plane.cost, window, wide, high).map(tone);
  return enlarged(measured, wide, high, columns, rows);
}

function enlarged(values, across, down, columns, rows) {
  const large = new Float64Array(columns * rows);
  const between = (place, size, cells) => {
    const where = Math.max(0, Math.min(cells - 1.001, ((place + 0.5) / size) * cells - 0.5));
    return [Math.floor(where), where % 1];
  };
  for (let row = 0; row < rows; row += 1) {
    const [top, lower] = between(row, rows, down);
    for (let column = 0; column < columns; column += 1) {
      const [left, further] = between(column, columns, across);
      const corner = top * across + left;
      const above = values[corner] * (1 - further) + values[corner + 1] * further;
      const under = values[corner + across] * (1 - further) + values[corner + across + 1] * further;
      large[row * columns + column] = above * (1 - lower) + under * lower;
    }
  }
  return large;
}
