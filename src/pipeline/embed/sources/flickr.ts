/**
 * Caption files of Flickr8k and Flickr30k: "name.jpg#0<tab>caption" (`Flickr8k.token.txt`,
 * `results_20130124.token`), or "name.jpg| 0| caption" below a header line (`results.csv`).
 */
import { badInput } from "../../../base/errors.ts";
import { count } from "../../../formats/byte-source.ts";
import type { CaptionRecords } from "./caption-records.ts";

const token = /^(.+)#(\d+)\t(.*)$/;
const piped = /^([^|]+?)\s*\|\s*(\d+)\s*\|?\s*(.*)$/;

/** Whether a file that begins so is one of these. */
export function isFlickr(start: string): boolean {
  const lines = start.split(/\r?\n/, 3).filter((line) => line.trim() !== "");
  return lines.some((line) => token.test(line) || (/\|/.test(lines[0] ?? "") && piped.test(line)));
}

export function flickrRecords(name: string, text: string, bytes: number): CaptionRecords {
  const file: string[] = [];
  const captions: string[][] = [];
  const numbers: number[] = [];
  for (const [at, line] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === "") continue;
    const found = token.exec(line) ?? piped.exec(line);
    if (found === null) {
      // The header of results.csv.
      if (at === 0 && line.includes("|")) continue;
      throw badInput(
        `${name} line ${count(at + 1)} is "${line.slice(0, 60)}"; expected "name.jpg#0<tab>caption" or "name.jpg| 0| caption", as Flickr8k and Flickr30k have them.`,
      );
    }
    const [, picture = "", number = "", caption = ""] = found;
    file.push(picture);
    numbers.push(Number(number));
    captions.push([caption.trim()]);
  }
  return {
    file,
    captions,
    source: file.map(() => null),
    further: new Map([["caption_number", numbers]]),
    hasCaptions: true,
    origin: { role: "captions", file: name, rows: file.length, bytes, dtype: null },
    leftOut: [],
  };
}
