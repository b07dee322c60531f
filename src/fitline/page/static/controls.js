/** Native controls, and handles that can be dragged or moved with the arrow keys. */

import { numberIn } from "./set-up.js";

export function byId(id) {
  return document.getElementById(id);
}

const ARROWS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Pixels that an arrow key moves a handle; with Shift, further. */
const NUDGE = 3;
const SHIFTED_NUDGE = 24;

/**
 * Let an element be dragged: `move` gets the place of the pointer in its plot, in pixels, and
 * `nudge` gets how far the arrow keys move it. `dropped` is called after a drag.
 */
export function draggable(element, { move, nudge, dropped = () => {} }) {
  let grip = null;
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    element.setPointerCapture(event.pointerId);
    const box = element.getBoundingClientRect();
    grip = [event.clientX - box.x - box.width / 2, event.clientY - box.y - box.height / 2];
  });
  element.addEventListener("pointermove", (event) => {
    if (!grip) return;
    const plot = element.parentElement.getBoundingClientRect();
    move([event.clientX - plot.x - grip[0], event.clientY - plot.y - grip[1]]);
  });
  for (const name of ["pointerup", "pointercancel"]) {
    element.addEventListener(name, () => {
      if (grip) dropped();
      grip = null;
    });
  }
  onArrows(element, nudge);
}

/** Call back with pixels when an arrow key is pressed. */
export function onArrows(element, nudge) {
  element.addEventListener("keydown", (event) => {
    const direction = ARROWS[event.key];
    if (!direction || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const far = event.shiftKey ? SHIFTED_NUDGE : NUDGE;
    nudge(direction.map((part) => part * far));
  });
}

/** Put a handle at a place of its plot. */
export function putHandle(element, [px, py], label) {
  element.style.left = `${px}px`;
  element.style.top = `${py}px`;
  element.setAttribute("aria-label", label);
  element.title = label;
}

/** Call back with how far the pointer is dragged across an element. */
export function onDrag(element, dragged) {
  let last = null;
  element.addEventListener("pointerdown", (event) => {
    element.setPointerCapture(event.pointerId);
    last = [event.clientX, event.clientY];
  });
  element.addEventListener("pointermove", (event) => {
    if (!last) return;
    dragged(event.clientX - last[0], event.clientY - last[1]);
    last = [event.clientX, event.clientY];
  });
  for (const name of ["pointerup", "pointercancel"]) {
    element.addEventListener(name, () => {
      last = null;
    });
  }
}

/** Fill a field with one radio button a choice. */
export function fillChoice(field, choices, chosen) {
  for (const choice of choices) {
    const radio = document.createElement("input");
    Object.assign(radio, { type: "radio", name: field.id, value: choice });
    radio.addEventListener("change", () => chosen(choice));
    const label = document.createElement("label");
    label.append(radio, choice);
    field.querySelector(".segments").append(label);
  }
}

export function showChoice(field, choice) {
  for (const radio of field.querySelectorAll("input")) radio.checked = radio.value === choice;
}

/** Fill a list with a name for each value. */
export function fillSelect(select, names, chosen) {
  for (const [value, name] of Object.entries(names)) select.append(new Option(name, value));
  select.addEventListener("change", () => chosen(select.value));
}

/**
 * Let a number be typed, with a decimal point or comma. What is no such number is not taken:
 * `shown` comes back, and `expected` is said.
 */
export function onNumber(input, { isFit, expected, taken, shown }) {
  input.addEventListener("input", () => input.setCustomValidity(""));
  input.addEventListener("change", () => {
    const text = input.value.trim();
    const value = numberIn(text.replace(",", "."));
    const isTaken = value !== undefined && isFit(value);
    if (isTaken) taken(value);
    input.value = String(shown());
    input.setCustomValidity(isTaken ? "" : `Expected ${expected}, got '${text}'.`);
    if (!isTaken) setTimeout(() => input.reportValidity());
  });
}

/** A zone of a smaller part of the slider has no place for its name. */
const NARROW = 0.07;

/** Draw the zones along the slider; each is as long as it is there. */
export function showZones(strip, zones, [low, high], rate) {
  let from = Number.NEGATIVE_INFINITY;
  const current = zones.find(({ to }) => rate <= to);
  const spans = zones.map((zone) => {
    const span = document.createElement("span");
    const start = Math.max(low, from);
    const end = Math.min(high, Math.log10(zone.to));
    span.style.flex = `${Math.max(0, end - start)} 1 0`;
    span.className = zone === current ? `${zone.kind} here` : zone.kind;
    const isNarrow = end - start < NARROW * (high - low);
    span.textContent = isNarrow && zone !== current ? "" : zone.name;
    from = Math.log10(zone.to);
    return span;
  });
  strip.replaceChildren(...spans);
}

/** Copy a text; give whether it worked. */
export async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedTheOldWay(text);
  }
}

/** Pages opened from a file may not use the clipboard of today. */
function copiedTheOldWay(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "unseen";
  document.body.append(area);
  const focused = document.activeElement;
  area.select();
  const worked = document.execCommand("copy");
  area.remove();
  focused?.focus();
  return worked;
}
