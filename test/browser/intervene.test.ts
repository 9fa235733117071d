/** Switching concepts off in a real browser, against numbers computed apart from the page; and in an exported site. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "csv-parse/sync";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createReferenceBackend } from "../../src/kernels/reference/backend.ts";
import { encodeRows } from "../../src/learners/codes.ts";
import { conceptActivity } from "../../src/metrics/concept-activity.ts";
import { energyPooled, meanCode } from "../../src/metrics/energy.ts";
import { bimodalConcepts } from "../../src/metrics/modality-gap.ts";
import { modalityScore } from "../../src/metrics/modality-score.ts";
import {
  ofConcepts,
  searchedPairs,
  type ConceptsGap,
} from "../../src/pipeline/analysis/gap-and-retrieval.ts";
import { openDictionary } from "../../src/pipeline/dictionary-folder.ts";
import { exportSite } from "../../src/pipeline/export/site/export-site.ts";
import { openStudy, openStudySet } from "../../src/pipeline/study.ts";
import { startExplorer, type RunningExplorer } from "../../src/server/explorer.ts";
import { launchChromium } from "./chromium.ts";
import { makeOddStudy } from "./odd-study.ts";
import { serveFolder } from "./static-host.ts";
import { visit } from "./visit.ts";

const application = fileURLToPath(new URL("../../dist/explorer", import.meta.url));
let scratch: string;
let study: string;
let browser: Browser;
let explorer: RunningExplorer;
let measure: (keep?: Uint8Array) => Promise<ConceptsGap>;
let bimodal: Uint8Array;
/** The most used concept. */
let strongest: number;
let concepts: number;

beforeAll(async () => {
  if (!existsSync(join(application, "index.html")))
    throw new Error("the explorer is not built; run: npm run build");
  scratch = mkdtempSync(join(tmpdir(), "viaduct-intervene-"));
  const backend = createReferenceBackend();
  study = await makeOddStudy(scratch, "odd", backend, { paired: true, analysed: true });
  const { dictionary } = await openDictionary(study, "one");
  const set = await openStudySet(await openStudy(study), { verify: false });
  const codes = {
    image: await encodeRows(dictionary, set.embeddings.image, "image", backend),
    text: await encodeRows(dictionary, set.embeddings.text, "text", backend),
  };
  await set.close();
  const activity = { image: conceptActivity(codes.image), text: conceptActivity(codes.text) };
  const means = { image: meanCode(activity.image), text: meanCode(activity.text) };
  measure = ofConcepts(backend, dictionary, codes, means, searchedPairs(set.embeddings, 0));
  bimodal = bimodalConcepts(modalityScore(activity.image, activity.text));
  const energies = energyPooled(activity.image, activity.text);
  strongest = energies.indexOf(Math.max(...energies));
  concepts = dictionary.concepts;
  explorer = await startExplorer({ study, application });
  browser = await launchChromium();
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await explorer?.close();
  if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
});

/** What the page says of a measure: all concepts, now. */
async function figures(page: Page, name: string): Promise<[before: string, now: string]> {
  const cells = page.locator(".outcome-table tr", { hasText: name }).locator("td");
  const texts = await cells.allTextContents();
  return [texts.at(-3) ?? "", texts.at(-2) ?? ""];
}

const share = (value: number): string => `${(100 * value).toFixed(1)}%`;

async function expectFigures(page: Page, before: ConceptsGap, now: ConceptsGap): Promise<void> {
  const of = (pick: (one: ConceptsGap) => string): [string, string] => [pick(before), pick(now)];
  await expect
    .poll(() => figures(page, "modality gap"), { timeout: 20_000 })
    .toEqual(of(({ gap }) => gap.toFixed(3)));
  for (const k of [1, 5, 10] as const) {
    expect(await figures(page, `recall@${k}, caption`)).toEqual(
      of(({ recall }) => share(recall!.textToImage[`at${k}`])),
    );
    expect(await figures(page, `recall@${k}, picture`)).toEqual(
      of(({ recall }) => share(recall!.imageToText[`at${k}`])),
    );
  }
}

it("changes the numbers to those computed apart from it, says so in the address, and is restored from there", async () => {
  const { page, complaints } = await visit(browser, explorer.url, `#/concept/${strongest}`);
  // Until it is drawn, its keys do not hold.
  await page.locator(".facts .term").first().waitFor();
  await page.keyboard.press("i");
  await page.waitForURL(new RegExp(`#/intervene\\?.*scale=${strongest}$`));
  const all = await measure();
  const off = await measure(Uint8Array.from({ length: concepts }, (_, j) => (j === strongest ? 0 : 1)));
  await expectFigures(page, all, off);
  // The embeddings come after the first numbers.
  await expect
    .poll(async () => (await figures(page, "R² of the searched rows"))[1], { timeout: 20_000 })
    .toMatch(/^−?\d\.\d{3}$/);

  await page.getByRole("button", { name: `Concept ${strongest} off` }).click();
  await page.waitForURL(new RegExp(`scale=${strongest}x1$`));
  await expectFigures(page, all, all);
  await page.getByRole("button", { name: `Take concept ${strongest} from the list` }).click();
  await page.getByRole("radio", { name: "bimodal" }).check();
  await page.waitForURL(/keep=bimodal$/);
  const kept = await measure(bimodal);
  await expectFigures(page, all, kept);
  await page.getByRole("checkbox", { name: "off instead" }).check();
  const without = await measure(bimodal.map((one) => 1 - one));
  await expectFigures(page, all, without);

  const again = await visit(browser, explorer.url, new URL(page.url()).hash);
  await expectFigures(again.page, all, without);
  await again.page.close();
  expect(complaints).toEqual([]);
  await page.close();
});

it("is worked by keyboard, and takes its numbers away as CSV", async () => {
  const { page, complaints } = await visit(browser, explorer.url, "#/map");
  await page.locator("canvas.map-overlay").waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("i");
  await page.locator(".outcome-table").waitFor();
  await page.keyboard.press("s");
  await page.keyboard.type(String(strongest));
  await page.locator(".found-concept").first().waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(new RegExp(`scale=${strongest}$`));
  await page.getByRole("slider", { name: `Factor of concept ${strongest}` }).focus();
  await page.keyboard.press("ArrowRight");
  await page.waitForURL(new RegExp(`scale=${strongest}x0\\.05$`));
  const menu = page.getByRole("button", { name: "Gap and recall: table and downloads" });
  await menu.click();
  const download = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: "Download CSV" }).click();
  const csv: Record<string, string>[] = parse(await readFile(await (await download).path()), {
    columns: true,
  });
  const all = await measure();
  expect(Number(csv.find((row) => row.measure === "modality gap")!["all concepts"])).toBeCloseTo(all.gap, 6);
  await page.locator(".intervene-results h2").first().click();
  await page.keyboard.press("ArrowRight");
  await page.waitForURL(/nearest=image-\d+/);
  await page.keyboard.press("r");
  await page.waitForURL((url) => !url.hash.includes("scale="));
  await expectFigures(page, all, all);
  expect(complaints).toEqual([]);
  await page.close();
});

it("fits a phone, and says what stands in the way where it cannot be computed", async () => {
  const phone = { width: 390, height: 844 };
  const { page } = await visit(browser, explorer.url, "#/intervene?keep=stable", phone);
  await page.getByText("has not matched this dictionary with another run yet").waitFor();
  await page.locator(".outcome-table").waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(phone.width);
  await page.route("**/analysis/codes.safetensors", (route) => route.fulfill({ status: 404 }));
  await page.reload();
  await page.getByRole("alert").getByText("codes.safetensors is not there").waitFor();
  await page.close();
});

it("computes the same in an exported site, but for R², whose embeddings stay behind", async () => {
  const site = join(scratch, "site");
  await exportSite({ study, out: site, application, pictures: "none" });
  const host = await serveFolder(site, { ranges: true, below: "/" });
  const { page, complaints } = await visit(browser, host.url, `#/intervene?scale=${strongest}`);
  const off = await measure(Uint8Array.from({ length: concepts }, (_, j) => (j === strongest ? 0 : 1)));
  await expectFigures(page, await measure(), off);
  expect(await figures(page, "R² of the searched rows")).toEqual(["–", "–"]);
  await page.getByText("not part of this site").waitFor();
  await page.getByText("WebAssembly, 1 thread").waitFor();
  expect(complaints).toEqual([]);
  await page.close();
  await host.close();
});
