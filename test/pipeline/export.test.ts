/** Exports: whole or not at all, the same numbers as the study's, and everything that was left out said. */
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { httpSource } from "../../src/explorer/data/http-source.ts";
import { bytesInMemory } from "../../src/formats/byte-source.ts";
import { npyMatrix, readNpyHeader } from "../../src/formats/npy.ts";
import { readAllFloats, readSafetensorsHeader, readTensor } from "../../src/formats/safetensors.ts";
import { fromTensors } from "../../src/learners/dictionary-tensors.ts";
import { openDictionary } from "../../src/pipeline/dictionary-folder.ts";
import type { SiteQueries } from "../../src/protocol/site-queries.ts";
import { createReferenceBackend } from "../../src/kernels/reference/backend.ts";
import { exportDictionaries } from "../../src/pipeline/export/export-dictionaries.ts";
import { putFile } from "../../src/pipeline/export/site/put-files.ts";
import { exportSite } from "../../src/pipeline/export/site/export-site.ts";
import { trainStudy } from "../../src/pipeline/train.ts";
import { verifyFiles } from "../../src/platform/node/files/file-list.ts";
import { exportedManifest } from "../../src/protocol/exported.ts";
import { pieceBytes, piecePath } from "../../src/protocol/site-layout.ts";
import { siteManifest } from "../../src/protocol/site.ts";
import type { StudySummary } from "../../src/protocol/study-summary.ts";
import { makeOddStudy } from "../browser/odd-study.ts";
import { scratch } from "./folders.ts";

const at = scratch();
let study: string;
const application = (): string => at("application");
const json = async (path: string): Promise<unknown> => JSON.parse(await readFile(path, "utf8"));

beforeAll(async () => {
  const backend = createReferenceBackend();
  study = await makeOddStudy(at(), "odd", backend, { paired: true, analysed: true });
  const effects = { backend, now: () => 0 };
  const pca = { set: at("odd-set"), study, learner: "pca", options: { concepts: 4 }, resume: false };
  await trainStudy({ ...pca, name: "plain" }, effects);
  await mkdir(at("application", "assets"), { recursive: true });
  await writeFile(at("application", "index.html"), "<!doctype html>");
  await writeFile(at("application", "embed.html"), "<!doctype html>");
  await writeFile(at("application", "assets", "app-1.js"), "0;");
});

/** The folder as a host would serve it. */
function sourceOf(folder: string) {
  return httpSource(`${folder}/data/`, async (address) => {
    const path = decodeURIComponent(address);
    return existsSync(path) ? new Response(await readFile(path)) : new Response(null, { status: 404 });
  });
}

describe("a site", () => {
  it("holds the application, the tables of what was analysed, items and pictures, and lists them", async () => {
    const { path, bytes, manifest } = await exportSite({
      study,
      out: at("site"),
      application: application(),
    });
    expect(siteManifest.parse(await json(at("site", "site.json")))).toEqual(manifest);
    await verifyFiles(path, manifest.files, { content: true });
    const files = (await readdir(path, { recursive: true, withFileTypes: true })).filter((one) =>
      one.isFile(),
    );
    expect(files.length).toBe(manifest.files.length + 1);
    expect(bytes).toBe(manifest.files.reduce((sum, file) => sum + file.bytes, 0));
    expect(manifest.dictionaries).toEqual(["one"]);
    const paths = manifest.files.map((file) => file.path);
    expect(paths).toEqual(
      expect.arrayContaining([
        "index.html",
        "embed.html",
        "assets/app-1.js",
        "data/summary.json",
        "data/study/dictionaries/one/analysis/concepts.parquet",
        "data/set/text-items.parquet",
      ]),
    );
    expect(
      paths.filter((one) =>
        /images\.npy$|texts\.npy$|weights|bridges\.safetensors|plain|run\.json/.test(one),
      ),
    ).toEqual([]);
    const summary = (await json(at("site", "data", "summary.json"))) as StudySummary;
    expect(summary.dictionaries.map(({ name }) => name)).toEqual(["one"]);
    expect(summary).toMatchObject({
      keepsNames: false,
      questionsAnsweredBy: "nobody",
      set: { pictures: true },
      site: { packedPictures: true },
    });
    expect(JSON.stringify(summary)).not.toContain(at());
  });

  it("takes along what its page answers questions with, and allows it no more than that", async () => {
    const clip = fileURLToPath(new URL("../fixtures/encoders/clip", import.meta.url));
    const spec = { study, out: at("asked"), queries: { model: `onnx:${clip}` } };
    await expect(exportSite({ ...spec, application: application() })).rejects.toThrow(
      /does not say "script-src 'self'" once/,
    );
    await expect(exportSite({ ...spec, queries: {}, application: application() })).rejects.toThrow(
      /names no model/,
    );
    expect(existsSync(at("asked"))).toBe(false);
    await cp(application(), at("secured"), { recursive: true });
    const page = await readFile(new URL("../../src/explorer/index.html", import.meta.url), "utf8");
    await writeFile(at("secured", "index.html"), page);
    const { path, manifest } = await exportSite({ ...spec, application: at("secured") });
    await verifyFiles(path, manifest.files, { content: true });
    const { model } = JSON.parse(await readFile(join(clip, "encoder.json"), "utf8")) as { model: string };
    expect(manifest.queries).toEqual({ model, towers: "site", nearest: true, hubBytes: null });
    const summary = (await json(at("asked", "data", "summary.json"))) as StudySummary;
    expect(summary).toMatchObject({ questionsAnsweredBy: "page", set: { similarity: "embeddings" } });
    expect(await readFile(at("asked", "index.html"), "utf8")).toContain("'wasm-unsafe-eval'; style-src");
    expect(await readFile(at("asked", "embed.html"), "utf8")).not.toContain("wasm");

    const source = sourceOf(at("asked"));
    await source.json("summary.json");
    const queries = (await source.json("queries/queries.json")) as SiteQueries;
    expect(JSON.stringify(queries)).not.toContain(clip);
    for (const [name, file] of Object.entries(queries.encoder.files)) {
      if (file.from !== "site") throw new Error(`${name} is not in the site`);
      const copied = await source.whole(file.path, file.bytes, () => {});
      expect(Buffer.from(copied).equals(await readFile(join(clip, name)))).toBe(true);
    }
    let heard = 0;
    const { path: wasm, bytes } = queries.runtime.wasm;
    const whole = await source.whole(wasm, bytes, (more) => (heard += more));
    expect([whole.length, heard, Buffer.from(whole.subarray(0, 4)).toString("latin1")]).toEqual([
      bytes,
      bytes,
      "\0asm",
    ]);
    await expect(source.whole(wasm, bytes + 1, () => {})).rejects.toThrow(/it changed; reload the page/);
    const { dictionary } = await openDictionary(study, "one");
    const stored = bytesInMemory(
      "atoms",
      await source.whole(
        `study/${summary.dictionaries[0].atoms!.path}`,
        queries.dictionaries["one"].bytes,
        () => {},
      ),
    );
    const { settings } = queries.dictionaries["one"];
    expect(fromTensors({ settings, tensors: await readAllFloats(stored) })).toEqual(dictionary);

    const bare = await exportSite({
      ...spec,
      queries: { ...spec.queries, nearest: false },
      application: at("secured"),
      force: true,
    });
    expect([bare.manifest.queries?.nearest, bare.manifest.bytes.embeddings]).toEqual([false, 0]);
  });

  it("has a picture for every example that has a file, and counts the others", async () => {
    const { pictures } = siteManifest.parse(await json(at("site", "site.json")));
    // Six files of thirteen are pictures.
    expect(pictures.rows).toBeGreaterThan(0);
    expect(pictures.rows + pictures.missing + pictures.notExamples).toBe(160);
    const source = sourceOf(at("site"));
    await source.json("summary.json");
    let shown = 0;
    for (let row = 0; row < 160; row++) {
      const picture = source.picture(row, "v");
      const address = await Promise.resolve(picture.address("large")).catch(() => null);
      if (address === null) {
        expect(await picture.whyNot("large")).toBe("not part of this export");
        continue;
      }
      shown++;
      const blob = await (await fetch(address)).blob();
      expect(blob.type).toBe("image/webp");
    }
    expect(shown).toBe(pictures.rows);
  });

  it("can go without pictures, and have them for all rows", async () => {
    const none = await exportSite({ study, out: at("bare"), pictures: "none", application: application() });
    expect(none.manifest.pictures).toMatchObject({ choice: "none", rows: 0 });
    expect(none.manifest.files.filter(({ path }) => path.includes("thumbnails"))).toEqual([]);
    const all = await exportSite({
      study,
      out: at("full"),
      pictures: "small",
      pictureRows: "all",
      application: application(),
    });
    expect(all.manifest.pictures).toEqual({ choice: "small", rows: 76, notExamples: 0, missing: 84 });
  });

  it("replaces only a site, and only when it is told to", async () => {
    const spec = { study, out: at("site"), application: application() };
    await expect(exportSite(spec)).rejects.toThrow(/exists and is not empty/);
    await expect(exportSite({ ...spec, out: study, force: true })).rejects.toThrow(
      /--force does not replace it/,
    );
    expect((await exportSite({ ...spec, force: true })).path).toBe(at("site"));
  });

  it("leaves nothing behind when it fails or is stopped", async () => {
    const spec = { study, out: at("failed"), application: application() };
    const stop = new AbortController();
    const stopped = exportSite(spec, {
      signal: stop.signal,
      progress: ({ stage }) => stage === "pictures" && stop.abort(),
    });
    await expect(stopped).rejects.toThrow(/stopped; nothing was written/);
    await expect(exportSite({ ...spec, dictionaries: ["two"] })).rejects.toThrow(
      /"two" is not in the study; expected some of one/,
    );
    await expect(exportSite({ ...spec, dictionaries: ["plain"] })).rejects.toThrow(
      /"plain" is not analysed yet/,
    );
    await expect(exportSite({ ...spec, application: at("nowhere") })).rejects.toThrow(/is not built/);
    expect((await readdir(at())).filter((name) => name.includes("failed"))).toEqual([]);
  });

  it("cuts long files into pieces that read as the file", async () => {
    const long = Uint8Array.from({ length: pieceBytes + 5 }, (_, i) => (i * 31) % 253);
    await writeFile(at("long.bin"), long);
    const { paths, bytes } = await putFile(at("long.bin"), at("cut"), "data/study/long.bin");
    expect(bytes).toBe(long.length);
    expect(paths).toEqual([0, 1].map((i) => piecePath("data/study/long.bin", i)));
    const site = { pieces: { "study/long.bin": long.length }, pieceBytes, packedPictures: false };
    await writeFile(at("cut", "data", "summary.json"), JSON.stringify({ site }));
    const source = sourceOf(at("cut"));
    await source.json("summary.json");
    const joined = new Uint8Array(await source.bytes("study/long.bin", pieceBytes - 3, pieceBytes + 5));
    expect([...joined]).toEqual([...long.subarray(pieceBytes - 3)]);
    await rm(at("cut"), { recursive: true });
  });
});

describe("dictionaries for other programs", () => {
  it("as SAELens folders, byte for byte, those that have one", async () => {
    const { path, manifest } = await exportDictionaries({ study, to: "saelens", out: at("saes") });
    expect(manifest.dictionaries).toEqual(["one"]);
    expect(manifest.leftOut).toEqual([
      { dictionary: "plain", reason: expect.stringContaining("SAELens has no architecture for") },
    ]);
    await verifyFiles(path, manifest.files, { content: true });
    const weights = "dictionaries/one/sae_weights.safetensors";
    expect((await readFile(at("saes", weights))).equals(await readFile(`${study}/${weights}`))).toBe(true);
    await expect(
      exportDictionaries({ study, to: "saelens", out: at("none"), dictionaries: ["plain"] }),
    ).rejects.toThrow(/nothing to export: plain has codes/);
    expect(existsSync(at("none"))).toBe(false);
  });

  it("as arrays that hold what the study holds", async () => {
    const { path, manifest } = await exportDictionaries({ study, to: "npy", out: at("arrays") });
    expect(exportedManifest.parse(await json(at("arrays", "export.json")))).toEqual(manifest);
    expect(manifest.dictionaries).toEqual(["one", "plain"]);
    const load = async (name: string) =>
      bytesInMemory(name, new Uint8Array(await readFile(`${path}/dictionaries/one/${name}.npy`)));
    const atoms = await npyMatrix(await load("atoms"));
    expect([atoms.rows, atoms.columns]).toEqual([512, 16]);
    const file = bytesInMemory(
      "codes",
      new Uint8Array(await readFile(`${study}/dictionaries/one/analysis/codes.safetensors`)),
    );
    const { data } = await readTensor(file, await readSafetensorsHeader(file), "concept");
    const concept = await load("codes/concept");
    const header = await readNpyHeader(concept);
    expect([header.descr, ...header.shape]).toEqual(["<u4", data.length]);
    const bytes = new Uint8Array(4 * data.length);
    await concept.read(header.dataOffset, bytes);
    expect(new Uint32Array(bytes.buffer)).toEqual(data);
    expect((await readNpyHeader(await load("concepts/energy"))).shape).toEqual([512]);
    expect(existsSync(`${path}/dictionaries/plain/encoder.npy`)).toBe(true);
  });
});
