/** The page of a picture or a caption, and the ways to it. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createReferenceBackend } from "../../src/kernels/reference/backend.ts";
import { startExplorer, type RunningExplorer } from "../../src/server/explorer.ts";
import { launchChromium } from "./chromium.ts";
import { makeOddStudy } from "./odd-study.ts";
import { visit } from "./visit.ts";

const application = fileURLToPath(new URL("../../dist/explorer", import.meta.url));
let scratch: string;
let browser: Browser;
let explorer: RunningExplorer;

beforeAll(async () => {
  if (!existsSync(join(application, "index.html")))
    throw new Error("the explorer is not built; run: npm run build");
  scratch = mkdtempSync(join(tmpdir(), "viaduct-item-"));
  const options = { paired: true, analysed: true };
  const study = await makeOddStudy(scratch, "item", createReferenceBackend(), options);
  explorer = await startExplorer({ study, application });
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await explorer?.close();
  if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
});

it("says what a row is made of and why it matches, and leads on from there", async () => {
  const { page, complaints } = await visit(browser, explorer.url, "#/concept/3");
  const rowOf = async (links: string): Promise<number> => {
    const href = await page.locator(links).first().getAttribute("href");
    return Number(/#\/item\/(?:image|text)\/(\d+)/.exec(href!)![1]);
  };
  const picture = await rowOf(".concept-page .pictures a");
  const caption = await rowOf(".concept-page .caption-link");
  // Both have concept 3.
  await page.goto(`${explorer.url}#/item/image/${picture}?with=${caption}`);
  const concepts = page.locator(".item-panel", { hasText: "Active concepts" });
  await concepts.locator(".link-list a").first().waitFor();
  const match = page.locator(".item-panel", { hasText: "Why they match" });
  await match.locator(".match-term-shared").first().waitFor();
  const parts = (await match.locator(".match-part").allTextContents()).map((text) =>
    Number(/[−\d.]+$/.exec(text.trim())![0].replace("−", "-")),
  );
  const similarity = /[−\d.]+$/.exec((await match.locator(".chart-note").textContent())!)![0];
  const sum = parts.reduce((total, part) => total + part, 0);
  expect(Math.abs(sum - Number(similarity.replace("−", "-")))).toBeLessThan(0.003);

  await page.keyboard.press("ArrowRight");
  await page.getByRole("heading", { name: `Picture ${picture + 1}`, exact: true }).waitFor();
  expect(page.url()).toContain(`#/item/image/${picture + 1}`);
  await page
    .getByRole("link", { name: /^Open caption/ })
    .first()
    .click();
  await page.getByRole("heading", { name: /^Caption \d+$/ }).waitFor();
  await concepts.locator(".link-list a").first().click();
  await page.locator(".concept-page .caption-link").first().click();
  await page.getByRole("heading", { name: /^Caption \d+$/ }).waitFor();
  expect(complaints).toEqual([]);
  await page.close();
});

it("says what is not there, and fits a phone", async () => {
  const phone = { width: 390, height: 844 };
  const { page, complaints } = await visit(browser, explorer.url, "#/item/text/99999", phone);
  await page.getByText("There is no caption 99999").waitFor();
  await page.goto(`${explorer.url}#/item/text/3?with=5`);
  await page.getByText("not a pair of the set").waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(phone.width);
  expect(complaints).toEqual([]);
  await page.close();
});
