/** What Python tells the page: the lesson, and in it the constants by which both compute. */

export const lesson = JSON.parse(document.getElementById("lesson").textContent);

/** See `constants` in payload.py, which says where each one comes from. */
export const CONSTANTS = lesson.constants;

/** Why a run ended, in Python's words. */
export const STOP_TEXTS = lesson.stop_reasons;
