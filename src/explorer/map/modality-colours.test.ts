import { expect, it } from "vitest";
import { modalityWords } from "./modality-colours.ts";

it.each([
  [1, { image: 9, text: 0 }, "pictures only"],
  [0.999, { image: 900, text: 1 }, "almost only pictures"],
  [0.96, undefined, "almost only pictures"],
  [0.7, { image: 9, text: 2 }, "mostly pictures"],
  [0.5, { image: 9, text: 9 }, "both"],
  [0.2, { image: 2, text: 9 }, "mostly captions"],
  [0.001, { image: 1, text: 900 }, "almost only captions"],
  [0, { image: 0, text: 9 }, "captions only"],
  [NaN, { image: 0, text: 0 }, "never active"],
])("says of the score %s of a concept that is active on %o: %s", (score, active, words) => {
  expect(modalityWords(score, active)).toBe(words);
});
