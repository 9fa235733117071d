/** Two dictionaries side by side in a real browser, and the curves of a run while it trains. */
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "csv-parse/sync";
import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createReferenceBackend } from "../../src/kernels/reference/backend.ts";
import { matchAtoms, type Matching } from "../../src/metrics/stability.ts";
import { analyzeStudy } from "../../src/pipeline/analyze.ts";
import { compareDictionaries } from "../../src/pipeline/compare.ts";
import { openDictionary } from "../../src/pipeline/dictionary-folder.ts";
import { trainStudy } from "../../src/pipeline/train.ts";
import { takeLock } from "../../src/platform/node/files/lock-file.ts";
import { studyLayout } from "../../src/protocol/study-layout.ts";
import { startExplorer, type RunningExplorer } from "../../src/server/explorer.ts";
import { launchChromium } from "./chromium.ts";
import { makeOddStudy } from "./odd-study.ts";
import { visit } from "./visit.ts";

const application = fileURLToPath(new URL("../../dist/explorer", import.meta.url));
const backend = createReferenceBackend();
let scratch: string;
let study: string;
let browser: Browser;
let explorer: RunningExplorer;
let matching: Matching;

beforeAll(async () => {
  if (!existsSync(join(application, "index.html")))
    throw new Error("the explorer is not built; run: npm run build");
  scratch = mkdtempSync(join(tmpdir(), "viaduct-compare-"));
  study = await makeOddStudy(scratch, "odd", backend, { paired: true, analysed: false });
  await trainStudy(
    {
      set: join(scratch, "odd-set"),
      study,
      learner: "batch-topk",
      options: { concepts: 64, k: 3, epochs: 4, batch: 32, seed: 2 },
      name: "two",
    },
    { backend, now: () => 0 },
  );
  await analyzeStudy({ study }, { backend });
  const [one, two] = await Promise.all(["one", "two"].map((name) => openDictionary(study, name)));
  matching = await matchAtoms(backend, one.dictionary, two.dictionary);
  explorer = await startExplorer({ study, application });
  browser = await launchChromium();
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await explorer?.close();
  if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
});

interface Axe {
  run(): Promise<{ violations: { id: string; impact: string; nodes: { target: string[] }[] }[] }>;
}

async function csvOf(page: Page, chart: string): Promise<Record<string, string>[]> {
  await page.getByRole("button", { name: `${chart}: table and downloads` }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: "Download CSV" }).click();
  return parse(await readFile(await (await download).path()), { columns: true });
}

/** Gives the cosines of the living concepts. */
async function expectMatches(page: Page): Promise<number[]> {
  const words = page.locator(".pair-words");
  await expect
    .poll(() => words.textContent(), { timeout: 20_000 })
    .toContain(`cosine ${matching.stability.toFixed(3)}`);
  const rows = await csvOf(page, "Stability against energy");
  expect(rows.length).toBeGreaterThan(20);
  for (const row of rows) {
    const concept = Number(row["concept"]);
    expect(Number(row["matched concept"])).toBe(matching.match[concept]);
    expect(Number(row["cosine"])).toBeCloseTo(matching.cosine[concept], 4);
  }
  return rows.map((row) => Number(row["cosine"]));
}

it("matches two dictionaries in the page, and says the same when the study keeps it", async () => {
  const { page, complaints } = await visit(browser, explorer.url, "#/compare?dictionary=one");
  const cosines = await expectMatches(page);
  await page.getByText("computed in this page").waitFor();
  const counts = async (): Promise<number[]> =>
    (await page.locator(".pair-controls .search-count").allTextContents()).map((text) =>
      Number(text.replace(",", "")),
    );
  const from = async (cosine: number): Promise<void> => {
    await page.getByLabel("the same from cosine").fill(String(cosine));
    await page.keyboard.press("Enter");
    await page.waitForURL(new RegExp(`alike=${cosine}`));
  };
  const poll = { timeout: 20_000 };
  // Of the first dictionary's living concepts some have no match at all, as it is the larger one.
  await from(1);
  expect(Math.max(...cosines)).toBeLessThan(1);
  await expect.poll(async () => (await counts())[0], poll).toBe(0);
  const living = (await counts())[1];
  await from(0.4);
  const alike = cosines.filter((cosine) => cosine >= 0.4).length;
  expect(alike).toBeGreaterThan(0);
  await expect.poll(async () => (await counts())[1], poll).toBe(living - alike);
  expect((await counts())[0]).toBeGreaterThanOrEqual(alike);

  await compareDictionaries([study], { backend }, "directions", true);
  await page.goto(`${explorer.url}#/compare?dictionary=one&against=two&alike=0.1`);
  await page.reload();
  await expectMatches(page);
  await page.getByText("before training").waitFor();
  await page.keyboard.press("j");
  await page.waitForURL(/concept=\d+/);
  await page
    .locator(".pair-examples h3")
    .first()
    .getByText(/^one, concept \d+$/)
    .waitFor();
  await page.evaluate(await readFile(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8"));
  const { violations } = await page.evaluate(() => (window as unknown as { axe: Axe }).axe.run());
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  expect(serious.map(({ id, nodes }) => [id, ...nodes.map(({ target }) => target)])).toEqual([]);
  const line = page.locator(".pair-line-selected");
  const concept = Number(await line.locator(".concept-number").first().textContent());
  expect(await line.locator(".concept-number").last().textContent()).toBe(String(matching.match[concept]));
  await line.locator("a").last().click();
  await page.waitForURL(new RegExp(`#/concept/${matching.match[concept]}\\?dictionary=two`));
  expect(complaints).toEqual([]);
  await page.close();
});

it("draws a run while it trains, line by line, and offers its dictionary when it has ended", async () => {
  const { page, complaints } = await visit(browser, explorer.url, "#/compare?dictionary=one&curve=loss");
  await page.locator(".chart", { hasText: "Training: loss" }).locator("path.line").first().waitFor();
  const layout = studyLayout.dictionary("young");
  const at = (path: string): string => join(study, path);
  mkdirSync(at(layout.root));
  const lock = takeLock(at(layout.lock), () => new Error("taken"));
  const log = (step: number): string => `${JSON.stringify({ step, loss: 1 / step })}\n`;
  writeFileSync(at(layout.log), log(10) + log(20));
  const chart = page.locator(".chart", { hasText: "Training: loss" });
  await chart.getByText("young: training, step 20").waitFor();
  const place = (): Promise<unknown> => chart.evaluate((one) => JSON.stringify(one.getBoundingClientRect()));
  const before = await place();
  appendFileSync(at(layout.log), log(30));
  await chart.getByText("young: training, step 30").waitFor();
  expect(await place()).toBe(before);
  const rows = (await csvOf(page, "Training: loss")).filter((row) => row["dictionary"] === "young");
  expect(rows.map((row) => Number(row["step"]))).toEqual([10, 20, 30]);

  lock.release();
  rmSync(at(layout.root), { recursive: true });
  await trainStudy(
    {
      set: join(scratch, "odd-set"),
      study,
      learner: "pca",
      options: { concepts: 4 },
      name: "young",
    },
    { backend, now: () => 0 },
  );
  await page.getByText("young has ended since this page was opened").waitFor();
  await page.getByRole("button", { name: "Open the study anew" }).click();
  await expect
    .poll(() => page.locator(".top-bar option").allTextContents(), { timeout: 10_000 })
    .toContainEqual(expect.stringContaining("young"));
  expect(complaints).toEqual([]);
  await page.close();
});
