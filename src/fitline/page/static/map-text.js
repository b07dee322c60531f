/** What the map says: what it shows, and what its axes are. */

import { parameterName } from "./planes.js";
import { onScreen } from "./print.js";

/** Name the parameters on the axes, each with its unit. */
export function axisTitles(lesson, { axes, kind }) {
  const [across, up] = axes.map((place) => axisTitle(lesson, place, kind));
  return { across, up };
}

/** Name a parameter and its unit, in the words of plots/scaling.py. */
function axisTitle({ x, y, moments }, place, kind) {
  const name = parameterName(place, kind);
  const feature = x[place - 1];
  if (kind === "none") return `${name} (${place ? `${y} per ${feature}` : y})`;
  if (place) return `${name} (${y} per ${widthText(kind, moments)} of ${feature})`;
  const least = kind === "standard" ? "mean" : "smallest";
  return `${name} (${y} minus its mean, at the ${least} ${x.length === 1 ? x[0] : "x"})`;
}

/** Say by what features are divided. */
function widthText(kind, { has_intercept: isShifted }) {
  if (isShifted) return kind === "standard" ? "standard deviation" : "range";
  return kind === "standard" ? "root mean square" : "largest size";
}

/** Say what the map shows, and where its coordinates are not those in which descent runs. */
export function mapText(scene) {
  const { lesson, isSeveral, table } = scene;
  const what = isSeveral
    ? planeText(table)
    : `Each point is a line, its colour how wrong it is.${onScreen(" Drag the ring.")}`;
  return `${what}${coordinatesText(scene)}${gridText(lesson)}`;
}

/** Say which runs descend in other coordinates than those of the map. */
function coordinatesText({ run, kept, plane: { kind } }) {
  const { scaling } = run.setUp;
  if (scaling !== kind) return ` In the table's units; descent runs in scaled ones (${scaling}).`;
  const others = kept.map(({ setUp }) => setUp.scaling).filter((other) => other !== kind);
  const named = [...new Set(others)].map((other) => (other === "none" ? "unscaled" : other));
  return named.length ? ` Some kept runs descend in other coordinates (${named.join(", ")}).` : "";
}

/** Say where the parameters are that the map does not show. */
function planeText({ isBowl }) {
  const [says, drop] = isBowl
    ? ["The lowest cost for each pair: the others are at their best.", "they start there too"]
    : [
        "The cost for each pair: the others are fixed where descent stands.",
        "they keep their start",
      ];
  return says + onScreen(` Drop the ring, and ${drop}.`);
}

/** Say which rows the colours are of, where descent takes a sample of them. */
function gridText({ grid, points, cost }) {
  if (grid) return " The colours are of the whole table; descent uses the rows that are shown.";
  const isSample = points.sampled && !cost.is_quadratic;
  return isSample ? " The colours and descent are of the rows that are shown." : "";
}
