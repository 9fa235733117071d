/** From the browser's keys to shortcuts: typing, menus and what has keys of its own come first. */
import type { Shortcuts } from "../stores/shortcuts.ts";

const walking = /^(Arrow|Page|Home$|End$|Enter$| $)/;

export function onKey(event: KeyboardEvent, shortcuts: Shortcuts): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const target = event.target instanceof HTMLElement ? event.target : null;
  if (target?.closest("dialog, [popover]") !== null && target !== null) return;
  const mark = target?.matches('input:is([type="checkbox"], [type="radio"])') === true;
  if (mark && walking.test(event.key)) return;
  if (!mark && target?.matches("input, textarea, select, [contenteditable]") === true) {
    if (event.key === "Escape") target.blur();
    return;
  }
  if (walking.test(event.key) && target?.closest("[data-own-keys]") !== null && target !== null) return;
  const pressing = event.key === "Enter" || event.key === " ";
  if (pressing && target?.matches("a, button, summary") === true) return;
  if (shortcuts.press(event.key, event.timeStamp)) event.preventDefault();
}
