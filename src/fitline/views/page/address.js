/** The state of a lesson in its address, so that a teacher can send a set-up. */

import { OPTIMIZERS } from "./descent.js";
import { WALK_COLOURS } from "./drawing.js";
import { SCALINGS } from "./mathematics.js";

const FIELDS = ["rate", "scaling", "theta0", "theta1", "optimizer"];

/** Browsers refuse pages that write their address more often. */
const PATIENCE = 300;

/** Write a state as the fragment of an address. */
export function addressOf({ setUp, step, kept, showsStarts, zoom }) {
  const names = FIELDS.slice(0, Object.keys(OPTIMIZERS).length > 1 ? 5 : 4);
  const fields = new URLSearchParams(names.map((name) => [name, setUp[name]]));
  fields.set("step", step);
  for (const walk of kept) fields.append("walk", names.map((name) => walk.setUp[name]).join("_"));
  if (!showsStarts) fields.set("starts", "off");
  if (zoom) fields.set("view", [...zoom.theta0, ...zoom.theta1].join("_"));
  return `#${fields}`;
}

/** Read of an address what makes sense; the rest is ignored. */
export function readAddress(fragment) {
  const fields = new URLSearchParams(fragment.replace(/^#/, ""));
  const step = numberIn(fields.get("step"));
  return {
    setUp: setUpIn(fields),
    step: Number.isInteger(step) && step >= 0 ? step : 0,
    kept: fields.getAll("walk").slice(0, WALK_COLOURS.length).map(walkIn).filter(Boolean),
    showsStarts: fields.get("starts") !== "off",
    zoom: zoomIn(fields.get("view")),
  };
}

function setUpIn(fields) {
  const setUp = {};
  const rate = numberIn(fields.get("rate"));
  if (rate > 0) setUp.rate = rate;
  if (SCALINGS.includes(fields.get("scaling"))) setUp.scaling = fields.get("scaling");
  if (Object.hasOwn(OPTIMIZERS, fields.get("optimizer"))) {
    setUp.optimizer = fields.get("optimizer");
  }
  for (const name of ["theta0", "theta1"]) {
    const value = numberIn(fields.get(name));
    if (value !== undefined) setUp[name] = value;
  }
  return setUp;
}

function walkIn(text) {
  const values = text.split("_");
  const setUp = setUpIn(new URLSearchParams(values.map((value, place) => [FIELDS[place], value])));
  const isWhole = FIELDS.slice(0, 4).every((name) => Object.hasOwn(setUp, name));
  return isWhole ? { optimizer: Object.keys(OPTIMIZERS)[0], ...setUp } : undefined;
}

function zoomIn(text) {
  const [left, right, bottom, top] = (text ?? "").split("_").map(numberIn);
  if (!(left < right && bottom < top)) return null;
  return { theta0: [left, right], theta1: [bottom, top] };
}

function numberIn(text) {
  const value = text?.trim() ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

/** Give a function that writes an address once it has come to rest. */
export function addressWriter() {
  let timer;
  return (address) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      try {
        history.replaceState(null, "", address);
      } catch {
        // Previews in a sandbox have no address of their own; the lesson goes on without.
      }
    }, PATIENCE);
  };
}
