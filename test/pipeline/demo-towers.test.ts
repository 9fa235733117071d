/** The demo with real towers, on few pictures: drawn, embedded, learned, measured and scored. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { runDemo } from "../../src/pipeline/demo/demo.ts";
import { openEmbeddingSet } from "../../src/pipeline/embedding-set.ts";
import { openStudy } from "../../src/pipeline/study.ts";
import type { QueryAnswer } from "../../src/protocol/query.ts";
import { createCpuBackend } from "../../src/platform/node/cpu-backend.ts";
import { createAnswerer } from "../../src/pipeline/query/answerer.ts";
import { answerQuery } from "../../src/pipeline/query/with-encoder.ts";
import { scratch } from "./folders.ts";

const at = scratch();

describe("the demo", () => {
  it("embeds what it draws and finds concepts that mean where scenes are", async () => {
    const backend = await createCpuBackend({ product: "wasm" });
    try {
      const demo = await runDemo({ out: at("demo"), pictures: 400 }, { backend, now: () => 0 });
      expect(demo.pictures).toBe(400);
      const set = await openEmbeddingSet(at("demo", "set"));
      expect(set.manifest.encoder).toMatchObject({ spec: "small", normalization: "l2" });
      expect(set.manifest.pairs).toBe(demo.captions);
      await set.close();
      expect((await openStudy(demo.study)).dictionaries).toEqual(["demo"]);
      expect(existsSync(at("demo", "world", "truth.json"))).toBe(true);

      const background = demo.factors.find(({ factor }) => factor === "background")!;
      expect(background.values).toBeGreaterThan(5);
      expect(background.found / background.values).toBeGreaterThan(0.8);
      expect(background.meanF1).toBeGreaterThan(background.chance + 0.5);
      // Captions' typing is nothing that a picture shows, and next to nothing that towers keep.
      const typing = demo.values.filter(({ factor }) => factor === "typing");
      expect(typing.every(({ pictures }) => pictures === null)).toBe(true);

      const asked = await answerQuery(
        { study: demo.study, text: "A red fish in a meadow that nobody drew." },
        {},
        { backend },
      );
      expect(asked.query.row).toBeNull();
      const shown = asked.nearest!.text.slice(0, 5).map(({ caption }) => caption!.toLowerCase());
      const answerer = createAnswerer(demo.study);
      const bytes = await readFile(at("demo", "world", "pictures", "scene-00003.svg"));
      const answered = await answerer.ask({
        dictionary: "demo",
        text: "A red fish in a meadow that nobody drew.",
        image: { base64: bytes.toString("base64") },
      });
      // The picture is one of the set's: embedded anew, it is nearest to itself.
      expect(answered.image!.nearest!.image[0]).toMatchObject({ row: 3 });
      expect(answered.image!.nearest!.image[0]?.cosine).toBeGreaterThan(0.9999);
      // Another product rounds otherwise.
      const conceptsOf = (given: QueryAnswer): Set<number> =>
        new Set(given.concepts.map(({ concept }) => concept));
      expect(conceptsOf(answered.text!)).toEqual(conceptsOf(asked));
      const { similarity, shared, bridges, remainder } = answered.explanation!;
      expect(Math.abs(shared + bridges + remainder - similarity)).toBeLessThan(1e-6);
      await expect(answerer.ask({ dictionary: "none", text: "red" })).rejects.toThrow("no dictionary");
      await answerer.close();
      expect(shown.filter((caption) => /meadow|grass|field/.test(caption)).length).toBeGreaterThanOrEqual(3);
    } finally {
      await backend.close();
    }
  });
});
