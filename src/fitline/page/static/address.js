/** The state of a lesson in its address, so that a teacher can send a set-up. */

import { RUN_COLOURS } from "./drawing.js";
import { numberIn, readParts, readRun, whole, writtenParts, writtenRun } from "./set-up.js";

/** Browsers refuse pages that write their address more often. */
const PATIENCE = 300;

/**
 * Write a state as the fragment of an address; a run of the lesson's own is only counted. `more`
 * are other fields, with their names.
 */
export function addressOf(
  { setUp, step, kept, showsStarts, shown, guide, choices, map: { axes, inOriginalUnits, zoom } },
  more = {},
) {
  const fields = new URLSearchParams(writtenParts(setUp, choices));
  fields.set("step", step);
  for (const run of kept) {
    fields.append("run", run.number ?? writtenRun(run.setUp, choices));
  }
  if (!showsStarts) fields.set("starts", "off");
  if (choices.thetas.length > 2) fields.set("axes", axes.join("_"));
  if (shown) fields.set("added", shown);
  if (guide) fields.set("guide", guide + 1);
  if (inOriginalUnits) fields.set("units", "original");
  if (zoom) fields.set("view", [...zoom.across, ...zoom.up].join("_"));
  for (const [name, text] of Object.entries(more)) fields.set(name, text);
  return `#${fields}`;
}

/** Read of an address what makes sense; the rest is ignored. `own` are the lesson's own runs. */
export function readAddress(fragment, choices, own) {
  const fields = new URLSearchParams(fragment.replace(/^#/, ""));
  const runs = fields.getAll("run").map((text) => {
    const setUp = readRun(text, choices);
    return setUp ? { setUp } : own[numberIn(text) - 1];
  });
  const kept = fields.size ? runs.filter(Boolean) : own;
  const guide = stepIn(fields.get("guide"), choices);
  return {
    opens: !fields.size,
    setUp: readParts(fields, choices),
    step: whole(numberIn(fields.get("step"))) ?? choices.guide[guide]?.step ?? 0,
    kept: kept.slice(0, RUN_COLOURS.length),
    showsStarts: fields.get("starts") !== "off",
    axes: axesIn(fields.get("axes"), choices),
    shown: Object.hasOwn(choices.shown, fields.get("added")) ? Number(fields.get("added")) : 0,
    guide,
    inOriginalUnits: fields.get("units") === "original",
    zoom: zoomIn(fields.get("view")),
  };
}

/** Read the number of a step of a guided lesson, which counts from 1. */
function stepIn(text, { guide }) {
  const place = numberIn(text) - 1;
  return place > 0 && Object.hasOwn(guide, place) ? place : 0;
}

function axesIn(text, { thetas, fixed }) {
  const axes = (text ?? "").split("_").map(numberIn);
  const areTwo = axes.length === 2 && axes[0] !== axes[1] && thetas.length > 2;
  const isThere = (place) => place >= fixed && Object.hasOwn(thetas, place);
  return areTwo && axes.every(isThere) ? axes : null;
}

function zoomIn(text) {
  const [left, right, bottom, top] = (text ?? "").split("_").map(numberIn);
  if (!(left < right && bottom < top)) return null;
  return { across: [left, right], up: [bottom, top] };
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
