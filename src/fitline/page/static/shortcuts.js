/** Keyboard shortcuts, which take no key from what has the focus, and the sheet that lists them. */

import { byId } from "./controls.js";

/** Which button a key presses. */
const BUTTONS = {
  " ": "play",
  ArrowRight: "one",
  ArrowLeft: "back",
  Home: "reset",
  End: "all",
  "?": "help",
};

/** What needs these keys itself. */
const FIELDS = "input, select, textarea, dialog";
const HANDLES = ".handle, #turn";
const PRESSED_BY_SPACE = "button:not(.transport *), summary";

export function wireShortcuts() {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.metaKey) return;
    const button = byId(event.ctrlKey ? undoneBy(event) : BUTTONS[event.key]);
    if (!button || button.closest(".left-out") || isTaken(event)) return;
    event.preventDefault();
    button.click();
  });
  addEventListener("keyup", (event) => {
    if (event.key === " " && event.target.closest?.(".transport")) event.preventDefault();
  });
  byId("help").addEventListener("click", () => byId("shortcuts").showModal());
  byId("close-help").addEventListener("click", () => byId("shortcuts").close());
}

function undoneBy({ key, shiftKey }) {
  return key === "z" && !shiftKey ? "undo" : "";
}

/** Tell whether the key belongs to what has the focus. */
function isTaken({ key, target }) {
  const within = (places) => target.closest?.(places);
  return (
    within(FIELDS) || (key !== "?" && within(HANDLES)) || (key === " " && within(PRESSED_BY_SPACE))
  );
}
