/** A site that answers questions: from a static host, with nothing else on the network, as the local server answers. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import sharp from "sharp";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runDemo } from "../../src/pipeline/demo/demo.ts";
import { exportSite } from "../../src/pipeline/export/site/export-site.ts";
import { allowQueries } from "../../src/pipeline/export/site/queries-policy.ts";
import { createAnswerer } from "../../src/pipeline/query/answerer.ts";
import { createCpuBackend } from "../../src/platform/node/cpu-backend.ts";
import type { Answer, Explanation, QueryAnswer, Question } from "../../src/protocol/query.ts";
import type { SiteQueries } from "../../src/protocol/site-queries.ts";
import type { AskOnPage } from "./ask/page.ts";
import { launchChromium } from "./chromium.ts";
import { serveFolder, type StaticHost } from "./static-host.ts";
import { visit } from "./visit.ts";

const application = fileURLToPath(new URL("../../dist/explorer", import.meta.url));
const sentence = "A red fish in a meadow that nobody drew.";
let scratch: string;
let study: string;
let site: string;
let png: Buffer;
let expected: { both: Answer; caption: Answer };
let browser: Browser;
const closing: (() => Promise<void>)[] = [];
const at = (...names: string[]): string => join(scratch, ...names);

beforeAll(async () => {
  if (!existsSync(join(application, "index.html")))
    throw new Error("the explorer is not built; run: npm run build");
  scratch = mkdtempSync(join(tmpdir(), "viaduct-ask-"));
  const backend = await createCpuBackend({ product: "wasm" });
  ({ study } = await runDemo({ out: at("demo"), pictures: 120 }, { backend, now: () => 0 }).finally(() =>
    backend.close(),
  ));
  site = at("site");
  await exportSite({ study, out: site, application, queries: {} });
  png = await sharp(at("demo", "world", "pictures", "scene-00003.svg"))
    .png()
    .toBuffer();
  const answerer = createAnswerer(study);
  const both = await answerer.ask({ dictionary: "demo", text: sentence, image: picture() });
  const known = both.text!.nearest!.text[0].caption!;
  expected = { both, caption: await answerer.ask({ dictionary: "demo", text: known }) };
  await answerer.close();
  browser = await launchChromium();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  for (const close of closing) await close();
  if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
});

const picture = (): { base64: string } => ({ base64: png.toString("base64") });

async function host(folder: string, ranges: boolean): Promise<StaticHost> {
  const served = await serveFolder(folder, { ranges });
  closing.push(() => served.close());
  return served;
}

const links = (page: Page, side: string): Promise<(string | null)[]> =>
  page
    .getByRole("list", { name: `Concepts of ${side}` })
    .getByRole("link")
    .evaluateAll((all) => all.map((one) => /concept\/(\d+)/.exec(one.getAttribute("href")!)![1]));
const concepts = (answer: QueryAnswer): string[] => answer.concepts.map(({ concept }) => String(concept));

describe("a site that answers questions", () => {
  it("takes a sentence from the search box and a picture dropped anywhere, and shows them on the map", async () => {
    const { url } = await host(site, true);
    // Complaints hold what the policy forbids, and every request that leaves the site.
    const { page, complaints } = await visit(browser, url, "#/concepts");
    await page.getByRole("combobox", { name: /^Search/ }).fill(sentence);
    await page.getByRole("button", { name: "ask about this sentence" }).click();
    await page.getByRole("heading", { name: "The sentence" }).waitFor();
    expect(await links(page, "the sentence")).toEqual(concepts(expected.both.text!));
    await drop(page, png);
    await page.getByRole("heading", { name: "Why they are alike" }).waitFor();
    expect(await links(page, "the sentence")).toEqual(concepts(expected.both.text!));
    expect(await links(page, "the picture")).toEqual(concepts(expected.both.image!));
    const titles = await page
      .locator(".answered-pictures li")
      .evaluateAll((all) => all.map((one) => one.getAttribute("title")!));
    const nearest = [expected.both.text!, expected.both.image!].flatMap((one) => one.nearest!.image);
    expect(titles.map((title) => /^cosine ([\d.−]+)/.exec(title)![1])).toEqual(
      nearest.map(({ cosine }) => cosine.toFixed(3).replace("-", "−")),
    );
    await page.getByRole("button", { name: "Show on the map" }).last().click();
    await page.locator("canvas.map-overlay").waitFor();
    const picked = concepts(expected.both.image!).map(Number);
    const inOrder = picked.toSorted((a, b) => a - b).join(".");
    await expect.poll(() => page.url(), { timeout: 20_000 }).toContain(`pick=${inOrder}`);
    await drop(page, png);
    await page.getByRole("heading", { name: "The picture" }).waitFor();
    expect(await page.getByRole("heading", { name: "The sentence" }).count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  }, 60_000);

  it("answers on a host that ignores ranges", async () => {
    const { url, asked } = await host(site, false);
    const { page, complaints } = await visit(browser, url, `#/ask?text=${encodeURIComponent(sentence)}`);
    await page.getByRole("heading", { name: "The sentence" }).waitFor();
    expect(await links(page, "the sentence")).toEqual(concepts(expected.both.text!));
    const large = asked.filter((path) => /queries|\.npy/.test(path));
    expect(new Set(large).size).toBe(large.length);
    expect(complaints).toEqual([]);
    await page.close();
  }, 60_000);
});

/** On the page itself, as from a folder. */
async function drop(page: Page, file: Buffer): Promise<void> {
  await page.evaluate((base64) => {
    const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([bytes], "scene.png", { type: "image/png" }));
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
  }, file.toString("base64"));
}

it("gives the numbers of the local server to 1e-4, and knows a caption of the set", async () => {
  const folder = at("numbers");
  await build({
    configFile: false,
    logLevel: "warn",
    root: fileURLToPath(new URL("./ask", import.meta.url)),
    base: "./",
    build: { outDir: folder, emptyOutDir: true, target: "es2023" },
  });
  await cp(join(site, "data"), join(folder, "data"), { recursive: true });
  const { url } = await host(folder, true);
  const page = await browser.newPage();
  await page.goto(url);
  const ask = (question: Question): Promise<Answer> =>
    page.evaluate((one) => (globalThis as unknown as { askOnPage: AskOnPage }).askOnPage(one), question);
  const both = await ask({ dictionary: "demo", text: sentence, image: picture() });
  close(both.text!, expected.both.text!);
  close(both.image!, expected.both.image!);
  closeTo(both.explanation!, expected.both.explanation!);
  const known = expected.caption.text!;
  expect(known.query.row).not.toBeNull();
  const caption = await ask({ dictionary: "demo", text: known.query.words });
  expect([caption.image, caption.explanation]).toEqual([null, null]);
  close(caption.text!, known);
  const [row] = both.image!.nearest!.image;
  const stored = await ask({ dictionary: "demo", image: { row: row.row } });
  expect(stored.image!.query.row).toBe(row.row);
  await page.close();
}, 60_000);

/** The same but for what rounding does. */
function close(found: QueryAnswer, wanted: QueryAnswer): void {
  const rounded = (answer: QueryAnswer): unknown => ({
    ...answer,
    reconstructionCosine: near(answer.reconstructionCosine ?? NaN, wanted.reconstructionCosine ?? NaN),
    concepts: answer.concepts.map((one, i) => ({
      ...one,
      activation: near(one.activation, wanted.concepts[i].activation),
      share: near(one.share, wanted.concepts[i].share),
    })),
    nearest: Object.fromEntries(
      (["image", "text"] as const).map((side) => [
        side,
        answer.nearest![side].map((one, i) => ({
          ...one,
          cosine: near(one.cosine, wanted.nearest![side][i].cosine),
        })),
      ]),
    ),
  });
  expect(rounded(found)).toEqual(rounded(wanted));
}

function closeTo({ terms, ...found }: Explanation, { terms: wantedTerms, ...wanted }: Explanation): void {
  for (const part of ["similarity", "shared", "bridges", "remainder"] as const) {
    expect(Math.abs(found[part] - wanted[part])).toBeLessThan(1e-4);
  }
  const value = (list: Explanation["terms"]): Map<string, number> =>
    new Map(list.map((term) => [`${term.imageConcept} ${term.textConcept} ${term.kind}`, term.value]));
  const [left, right] = [value(terms), value(wantedTerms)];
  expect(new Set(left.keys())).toEqual(new Set(right.keys()));
  for (const [key, one] of left) expect(Math.abs(one - right.get(key)!)).toBeLessThan(1e-4);
}

function near(found: number, wanted: number): number | string {
  return Math.abs(found - wanted) <= 1e-4 ? "within 1e-4" : found;
}

describe("with the towers on the hub", () => {
  it("fetches them from there alone, once, and says what is the matter where it cannot", async () => {
    const { site: hubSite, hub } = await onHub();
    const { url } = await host(hubSite, true);
    const context = await browser.newContext();
    const page = await context.newPage();
    const refused: string[] = [];
    page.on("console", (message) => {
      if (/Content.Security.Policy/i.test(message.text())) refused.push(message.text());
    });
    hub.answers = false;
    await page.goto(`${url}#/ask?text=${encodeURIComponent(sentence)}`);
    await page.getByText("the model could not be fetched from 127.0.0.1").waitFor();
    hub.answers = true;
    await page.getByRole("button", { name: "Ask", exact: true }).click();
    // No more than half of the network comes before it is released.
    await page.getByText(/^Loading the model, [\d.]+ of [\d.]+ MiB$/).waitFor();
    hub.release();
    await page.getByRole("heading", { name: "The sentence" }).waitFor();
    expect(await links(page, "the sentence")).toEqual(concepts(expected.both.text!));
    hub.answers = false;
    await page.reload();
    await page.getByRole("heading", { name: "The sentence" }).waitFor();
    expect(hub.asked.filter((path) => path.endsWith(".onnx"))).toEqual(["/text.onnx"]);
    expect(refused).toEqual([]);
    await context.close();
  }, 60_000);
});

interface Hub {
  /** False: connections end without an answer. */
  answers: boolean;
  /** What it sent. */
  readonly asked: string[];
  /** From now on files come whole, also those that are under way. */
  release(): void;
}

/** The site with its towers at another origin. */
async function onHub(): Promise<{ site: string; hub: Hub }> {
  const released = Promise.withResolvers<void>();
  const hub: Hub = { answers: true, asked: [], release: released.resolve };
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    if (!hub.answers) return void response.destroy();
    hub.asked.push(path);
    const file = readFileSync(join(site, "data", "queries", "towers", path));
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("content-length", file.length);
    if (!path.endsWith(".onnx")) return void response.end(file);
    response.write(file.subarray(0, file.length / 2));
    void released.promise.then(() => response.end(file.subarray(file.length / 2)));
  });
  await new Promise<void>((listening) => {
    server.listen(0, "127.0.0.1", listening);
  });
  closing.push(
    () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  );
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const folder = at("hub-site");
  await cp(site, folder, { recursive: true });
  const path = join(folder, "data", "queries", "queries.json");
  const queries = JSON.parse(readFileSync(path, "utf8")) as SiteQueries;
  for (const [name, { bytes }] of Object.entries(queries.encoder.files)) {
    queries.encoder.files[name] = { from: "hub", address: `${origin}/${name}`, bytes, sha256: null };
  }
  writeFileSync(path, JSON.stringify(queries));
  const page = readFileSync(join(application, "index.html"), "utf8");
  writeFileSync(join(folder, "index.html"), allowQueries(page, [origin]));
  rmSync(join(folder, "data", "queries", "towers"), { recursive: true });
  return { site: folder, hub };
}
