/** The page as a file, which opens as one has left it. */

/** The page as it came, before it was changed by its own scripts. */
const SOURCE = document.documentElement.outerHTML;

const LESSON = /(<script type="application\/json" id="lesson">)[^<]*/;

/** Write the page with a lesson that opens at an address. */
function written(lesson, address) {
  const text = JSON.stringify({ ...lesson, address }).replaceAll("<", "\\u003c");
  return `<!doctype html>\n${SOURCE.replace(LESSON, (_, start) => `${start}\n${text}\n`)}`;
}

/** Offer a page to be saved. */
export function download(lesson, address) {
  const url = URL.createObjectURL(new Blob([written(lesson, address)], { type: "text/html" }));
  const link = Object.assign(document.createElement("a"), { href: url, download: "lesson.html" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
