/** The planted demo, end to end, and its explorer in a real browser: from the map to a concept, across a bridge, and back. */
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bytesInMemory } from "../../src/formats/byte-source.ts";
import { readSafetensorsHeader, readTensor } from "../../src/formats/safetensors.ts";
import { runPlantedDemo, type PlantedDemoResult } from "../../src/pipeline/demo/planted-demo.ts";
import { createCpuBackend } from "../../src/platform/node/cpu-backend.ts";
import { startExplorer, type RunningExplorer } from "../../src/server/explorer.ts";
import { studyLayout } from "../../src/protocol/study-layout.ts";
import { launchChromium } from "./chromium.ts";
import { visit } from "./visit.ts";

const application = fileURLToPath(new URL("../../dist/explorer", import.meta.url));
let scratch: string;
let demo: PlantedDemoResult;
let explorer: RunningExplorer;
let browser: Browser;
/** Image concept and text concept of every bridge that was measured. */
let bridges: [image: number, text: number][];

beforeAll(async () => {
  if (!existsSync(join(application, "index.html")))
    throw new Error("the explorer is not built; run: npm run build");
  scratch = mkdtempSync(join(tmpdir(), "viaduct-browser-"));
  const backend = await createCpuBackend({ product: "wasm" });
  demo = await runPlantedDemo({ out: join(scratch, "demo") }, { backend, now: () => Date.now() }).finally(
    () => backend.close(),
  );
  explorer = await startExplorer({ study: demo.study, application });
  browser = await launchChromium();
  bridges = await readBridges(demo.study);
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await explorer?.close();
  if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
});

describe("the demo world", () => {
  it("is found again: at least 95 % of the concepts and 90 % of the bridges", () => {
    expect(demo.recoveredConcepts).toBeGreaterThanOrEqual(0.95 * demo.plantedConcepts);
    expect(demo.recoveredBridges).toBeGreaterThanOrEqual(0.9 * demo.plantedBridges);
    expect(demo.modalityError).toBeLessThan(0.1);
  });
});

describe("the explorer", () => {
  it("goes from a click on the map to a concept, across a bridge, and all the way back to the map", async () => {
    const { page, complaints } = await visit(browser, explorer.url, "#/map");
    await page.locator("canvas.map-overlay").waitFor();
    const box = (await page.locator(".map").boundingBox())!;
    let concept: number | null = null;
    for (let x = 0.2; x < 0.8 && concept === null; x += 0.02) {
      for (let y = 0.2; y < 0.8 && concept === null; y += 0.04) {
        await page.mouse.move(box.x + x * box.width, box.y + y * box.height);
        const tooltip = page.locator(".tooltip strong");
        if ((await tooltip.count()) === 0) continue;
        const pointed = Number(/\d+/.exec((await tooltip.textContent()) ?? "")?.[0]);
        if (bridges.some(([image, text]) => image === pointed && text !== pointed)) concept = pointed;
      }
    }
    await page.mouse.down();
    await page.mouse.up();
    await page.waitForURL(new RegExp(`#/concept/${concept}\\?`));
    await page.locator(".picture img").first().waitFor();
    const target = await crossBridge(page);
    await page.locator("h1", { hasText: `Concept ${target}` }).waitFor();
    await page.goBack();
    await page.locator("h1", { hasText: `Concept ${concept}` }).waitFor();
    await page.goBack();
    await page.waitForURL(/#\/map\?dictionary=/);
    await page.locator("canvas.map-overlay").waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("counts bridges alike in the list, on the map and on the page, as many as are measured", async () => {
    const { page } = await visit(browser, explorer.url, "#/concepts?sort=-bridges");
    const row = page.locator(".concept-row").first();
    await row.waitFor();
    const concept = Number(await row.locator(".concept-number").textContent());
    const asImage = bridges.filter(([image]) => image === concept).length;
    const asText = bridges.filter(([, text]) => text === concept).length;
    const all = bridges.filter((ends) => ends.includes(concept)).length;
    const said = (number: number): string => number.toLocaleString("en-GB");
    expect(await row.locator(".figure-cell").last().textContent()).toBe(said(all));
    await page.goto(`${explorer.url}#/map?concept=${concept}`);
    await page.locator(".concept-card", { hasText: `${said(all)} bridges` }).waitFor();
    await page.goto(`${explorer.url}#/concept/${concept}`);
    await page.locator(".bridge-link").first().waitFor();
    const legends = page.locator(".link-legend", { hasText: "strongest" });
    await expect.poll(() => legends.count()).toBe(2);
    const [toTexts, fromImages] = await legends.allTextContents();
    expect(toTexts).toContain(`strongest 12 of ${said(asImage)},`);
    expect(fromImages).toContain(`strongest 12 of ${said(asText)},`);
    await page.close();
  });

  it("opens any state from its address", async () => {
    const { page, complaints } = await visit(browser, explorer.url, "#/concepts?q=red&sort=-frequency");
    await page.locator(".concept-row").first().waitFor();
    expect(await page.locator('input[type="search"]').inputValue()).toBe("red");
    await page.reload();
    await page.locator(".concept-row").first().waitFor();
    expect(page.url()).toContain("q=red");
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("goes from a selected concept on the map to its page and back to the same part of the map", async () => {
    const { page, complaints } = await visit(browser, explorer.url, "#/concepts?sort=-bridges");
    const href = (await page.locator(".concept-row").first().getAttribute("href"))!;
    const concept = /\d+/.exec(href)![0];
    await page.goto(`${explorer.url}#/map?concept=${concept}`);
    await page.locator(".concept-card").waitFor();
    const whole = await settledPixels(page);
    await page.getByRole("button", { name: "Zoom in" }).click();
    await page.waitForURL(/at=/);
    const zoomed = page.url();
    const pixels = await settledPixels(page);
    expect(pixels).not.toBe(whole);
    await page.getByRole("link", { name: "Open concept" }).click();
    await crossBridge(page);
    await page.goBack();
    await page.goBack();
    await page.waitForURL(zoomed);
    await page.locator(".concept-card").waitFor();
    await expect.poll(() => mapPixels(page), { timeout: 10_000 }).toBe(pixels);
    await page.reload();
    await expect.poll(() => mapPixels(page), { timeout: 10_000 }).toBe(pixels);
    await page.getByRole("button", { name: "Show all" }).click();
    await expect.poll(() => mapPixels(page), { timeout: 10_000 }).toBe(whole);
    await page.waitForURL((url) => !url.hash.includes("at="));
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("sorts by every column, both ways", async () => {
    const { page } = await visit(browser, explorer.url, "#/concepts");
    await page.locator(".concept-row").first().waitFor();
    const top = () => page.locator(".virtual-row").first().locator(".concept-number").textContent();
    for (const name of [
      "Modality",
      "Frequency",
      "Maximum",
      "Monosemanticity",
      "Bridges",
      "Energy",
      "Concept",
    ]) {
      const button = page.locator(".concept-head .sort", { hasText: name });
      await button.click();
      expect(await button.getAttribute("aria-pressed")).toBe("true");
      const first = await top();
      await button.click();
      await expect.poll(top).not.toBe(first);
    }
    await page.close();
  });

  it("narrows by text, modality, energy and the dead, and clears it all", async () => {
    const { page, complaints } = await visit(browser, explorer.url, "#/concepts");
    await page.locator(".concept-row").first().waitFor();
    const shown = async () =>
      Number(
        /^[\d,]+/.exec((await page.locator(".filter-count").textContent())!.trim())?.[0].replace(",", ""),
      );
    const all = await shown();
    await page.getByLabel("show dead concepts").check();
    await expect.poll(shown).toBe(384);
    await page.getByLabel("show dead concepts").uncheck();
    await page.getByLabel("Modality score, least").fill("180");
    await expect.poll(shown).toBeLessThan(all);
    const pictures = await shown();
    expect(await page.locator(".modality-and-value").first().textContent()).toMatch(/^(0\.9|1\.0)/);
    await page.getByLabel("Energy, least").fill("150");
    await expect.poll(shown).toBeLessThan(pictures);
    expect(page.url()).toMatch(/modality=0\.9~1|modality=0\.9%7E1/);
    expect(page.url()).toMatch(/energy=/);
    await page.getByLabel("Filter concepts by caption, file or number").fill("no such words anywhere");
    await page.getByText("No concept passes the filters").waitFor();
    await page.getByRole("button", { name: "Clear all filters" }).click();
    await expect.poll(shown).toBe(all);
    expect(page.url()).toMatch(/#\/concepts\?dictionary=[^&]+$/);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("works by keyboard: search, walk, open, leave", async () => {
    const { page, complaints } = await visit(browser, explorer.url, "#/concepts");
    await page.locator(".concept-row").first().waitFor();
    await page.keyboard.press("f");
    await page.keyboard.type("red");
    await page.waitForURL(/q=red/);
    await expect
      .poll(() => page.locator(".filter-count").textContent(), { timeout: 20_000 })
      .not.toContain("searching");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    const focused = page.locator(".concept-row:focus");
    await expect.poll(() => focused.count()).toBe(1);
    const concept = (await focused.locator(".concept-number").textContent())!;
    expect(await page.locator(".virtual-row").nth(1).locator(".concept-number").textContent()).toBe(concept);
    expect(await focused.evaluate((row) => getComputedStyle(row).outlineStyle)).toBe("solid");
    await page.keyboard.press("Enter");
    await page.locator("h1", { hasText: `Concept ${concept}` }).waitFor();
    await page.keyboard.press("ArrowRight");
    await page.waitForURL((url) => !url.hash.includes(`/${concept}?`));
    await page.keyboard.press("Escape");
    await page.waitForURL(/#\/concepts\?/);
    expect(page.url()).toContain("q=red");
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("goes back to the map with Escape when the concept was opened from it", async () => {
    const { page } = await visit(browser, explorer.url, "#/map?concept=3");
    await page.locator(".concept-card").waitFor();
    await page.keyboard.press("Enter");
    await page.waitForURL(/#\/concept\/3/);
    // Until its page is drawn, the keys are the map's.
    await page.locator(".facts .term").first().waitFor();
    await page.keyboard.press("Escape");
    await page.waitForURL(/#\/map\?.*concept=3/);
    await page.close();
  });

  it("defines a number one click away and closes it with Escape, staying where it was", async () => {
    const { page } = await visit(browser, explorer.url, "#/concept/3");
    await page.locator(".facts .term", { hasText: "Energy" }).click();
    await page.locator(".definition", { hasText: "mean activation" }).waitFor();
    await page.keyboard.press("Escape");
    await page.locator(".definition").waitFor({ state: "detached" });
    expect(page.url()).toContain("#/concept/3");
    await page.close();
  });

  it.each([1440, 1024, 390])("fits a window %i pixels wide", async (width) => {
    const { page } = await visit(browser, explorer.url, "#/concepts", { width, height: 844 });
    for (const hash of ["#/concepts", "#/concept/3", "#/map?concept=3"]) {
      await page.goto(explorer.url + hash);
      await page.locator(".concept-row, .facts, .concept-card").first().waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
    }
    await page.close();
  });
});

describe("the bridges", () => {
  it("are narrowed as the study's own table says, listed, drawn as a matrix and a graph, and taken away", async () => {
    const rows = await bridgeRows(demo.study);
    const shown = rows.filter(({ score }) => score > 0);
    const narrow = shown.filter(
      ({ imageConcept, textConcept, shuffleQ, permutedQ }) =>
        imageConcept !== textConcept && Math.max(shuffleQ, permutedQ) <= 0.01,
    );
    expect(narrow.length).toBeGreaterThan(10);
    expect(narrow.length).toBeLessThan(shown.length);
    const { page, complaints } = await visit(browser, explorer.url, "#/bridges");
    const told = page.locator(".bridge-count");
    const said = (number: number): string => number.toLocaleString("en-GB");
    await told.filter({ hasText: `${said(shown.length)} of ` }).waitFor();
    await page.getByLabel("different concepts only").check();
    // A tick is no text: letters stay keys.
    await page.keyboard.press("/");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("role"))).toBe("combobox");
    await page.keyboard.press("Escape");
    await page.getByRole("spinbutton", { name: "q at most" }).fill("0.01");
    await page.keyboard.press("Enter");
    await told.filter({ hasText: `${said(narrow.length)} of ` }).waitFor();
    expect(page.url()).toMatch(/different=only/);
    expect(page.url()).toMatch(/q-value=0\.01/);
    const [strongest] = narrow.toSorted((a, b) => b.score - a.score);
    const first = page.locator(".bridge-row").first().locator("a");
    expect(await first.evaluateAll((links) => links.map((link) => link.getAttribute("href")))).toEqual([
      expect.stringContaining(`#/concept/${strongest.imageConcept}?`),
      expect.stringContaining(`#/concept/${strongest.textConcept}?`),
    ]);
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "download as CSV" }).click(),
    ]);
    const csv = readFileSync(await file.path(), "utf8")
      .trim()
      .split("\n");
    expect(csv).toHaveLength(1 + narrow.length);
    expect(csv[1]).toMatch(new RegExp(`^${strongest.imageConcept},${strongest.textConcept},`));
    // Both drawings keep the filters, from the address alone.
    for (const [name, mark] of [
      ["Matrix", ".matrix-cell"],
      ["Graph", ".graph-line"],
    ] as const) {
      await page.getByRole("button", { name, exact: true }).click();
      await page.waitForURL(new RegExp(`show=${name.toLowerCase()}`));
      await page.reload();
      await page.locator(".bridge-drawing").locator(mark).first().waitFor();
      await told.filter({ hasText: `${said(narrow.length)} of ` }).waitFor();
    }
    expect(complaints).toEqual([]);
    await page.close();
  });
});

interface BridgeRow {
  imageConcept: number;
  textConcept: number;
  score: number;
  shuffleQ: number;
  permutedQ: number;
}

async function bridgeRows(study: string): Promise<BridgeRow[]> {
  const [dictionary] = readdirSync(join(study, studyLayout.dictionaries));
  const bytes = readFileSync(join(study, studyLayout.dictionary(dictionary).analysis.bridges));
  return (await parquetReadObjects({
    file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
    compressors,
  })) as unknown as BridgeRow[];
}

async function readBridges(study: string): Promise<[number, number][]> {
  const [dictionary] = readdirSync(join(study, studyLayout.dictionaries));
  const path = join(study, studyLayout.dictionary(dictionary).analysis.bridgeMatrix);
  const file = bytesInMemory(path, readFileSync(path));
  const header = await readSafetensorsHeader(file);
  const [start, texts] = await Promise.all(
    ["row_start", "text_concept"].map(async (name) =>
      Array.from((await readTensor(file, header, name)).data, Number),
    ),
  );
  return start
    .slice(1)
    .flatMap((end, image) => texts.slice(start[image], end).map((text): [number, number] => [image, text]));
}

/** Clicks the strongest bridge that leads to another concept, and gives its number. */
async function crossBridge(page: Page): Promise<number> {
  const bridge = page.locator(".bridge-link:not([aria-current])").first();
  const target = (await bridge.getAttribute("href"))!;
  await bridge.click();
  await page.waitForURL((url) => url.hash === target);
  return Number(/\d+/.exec(target)![0]);
}

/** A hash of the picture on the map's canvas. */
/** The map when nothing is on its way any more and three looks at it are alike. */
async function settledPixels(page: Page): Promise<string> {
  await page.waitForLoadState("networkidle");
  let alike = 0;
  let latest = await mapPixels(page);
  while (alike < 3) {
    await page.waitForTimeout(100);
    const now = await mapPixels(page);
    alike = now === latest ? alike + 1 : 0;
    latest = now;
  }
  return latest;
}

async function mapPixels(page: Page): Promise<string> {
  const image = await page
    .locator("canvas.map-points")
    .evaluate((canvas) => (canvas instanceof HTMLCanvasElement ? canvas.toDataURL() : ""));
  return createHash("sha256").update(image).digest("hex");
}
