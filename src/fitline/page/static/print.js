/** A sheet of paper: the views drawn anew, in light colours and in its size, without the controls. */

export function isOnPaper() {
  return document.documentElement.classList.contains("printing");
}

/** Say what one can do on a screen alone. */
export function onScreen(text) {
  return isOnPaper() ? "" : text;
}

/** Lay the page out for paper before it is printed, and draw; then go back. */
export function wirePrint(draw) {
  const layOut = (isPrinting) => {
    document.documentElement.classList.toggle("printing", isPrinting);
    draw();
  };
  addEventListener("beforeprint", () => layOut(true));
  addEventListener("afterprint", () => layOut(false));
  matchMedia("print").addEventListener("change", ({ matches }) => layOut(matches));
}
