/** What every view has in common: charts with their tables and downloads, keys, search, names. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "csv-parse/sync";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
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
  scratch = mkdtempSync(join(tmpdir(), "viaduct-frame-"));
  const study = await makeOddStudy(scratch, "frame", createReferenceBackend(), {
    paired: true,
    analysed: true,
  });
  explorer = await startExplorer({ study, application });
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await explorer?.close();
  if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
});

describe("a chart", () => {
  it("shows its numbers as a table and downloads as SVG, PNG and CSV, all by keyboard", async () => {
    const { page, complaints } = await visit(browser, explorer.url, "#/concepts");
    await page.locator(".concept-row").first().waitFor();
    const menu = page.getByRole("button", { name: "Modality score: table and downloads" });
    const csv: Record<string, string>[] = parse(await downloaded(page, menu, "Download CSV"), {
      columns: true,
    });
    const living = /^\d+/.exec((await page.locator(".filter-count").textContent())!)![0];
    expect(csv).toHaveLength(40);
    expect(csv.reduce((sum, row) => sum + Number(row.concepts), 0)).toBe(Number(living));

    const svg = String(await downloaded(page, menu, "Download SVG"));
    expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(svg).toContain("<title>Modality score</title>");
    expect(svg).not.toMatch(/ (class|style)=|var\(/);
    const drawn = csv.filter((row) => Number(row.concepts) > 0).length;
    // One for each bar, another where a filter leaves a part of it, and the background.
    expect(svg.match(/<rect/g)!.length).toBeGreaterThan(drawn);

    const png = await downloaded(page, menu, "Download PNG");
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    expect(png.readUInt32BE(20)).toBe(3 * 30);

    await menu.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("menuitem", { name: "Show as table" }).waitFor();
    await page.keyboard.press("Enter");
    const table = page.getByRole("region", { name: "Table: Modality score" });
    await table.waitFor();
    expect(await table.locator("tbody tr").count()).toBe(40);
    expect(page.url()).toContain("#/concepts");
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("closes its menu with Escape without leaving the view", async () => {
    const { page } = await visit(browser, explorer.url, "#/concept/3");
    await page.locator(".concept-page").waitFor();
    const url = page.url();
    const menu = page.getByRole("button", { name: "table and downloads" }).first();
    await menu.click();
    await page.getByRole("menuitem").first().waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("menuitem").first().waitFor({ state: "hidden" });
    expect(await menu.evaluate((button) => button === document.activeElement)).toBe(true);
    expect(page.url()).toBe(url);
    await page.close();
  });
});

describe("the keyboard", () => {
  it("lists the keys that hold in a view, and what the numbers mean", async () => {
    const { page, complaints } = await visit(browser, explorer.url, "#/concept/3");
    await page.locator(".concept-page").waitFor();
    await page.keyboard.press("?");
    const help = page.getByRole("dialog", { name: "Help" });
    await help.getByText("next concept in the list").waitFor();
    expect(
      await help.locator("dl > div", { hasText: "next concept" }).locator("kbd").allTextContents(),
    ).toEqual(["j", "→"]);
    await help.getByRole("button", { name: "Words and numbers" }).click();
    await help.getByLabel("Filter the words").fill("benjamini");
    await expect.poll(() => help.locator("dt").allTextContents()).toEqual(["q-value"]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await help.waitFor({ state: "detached" });
    expect(page.url()).toContain("#/concept/3");
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("goes to views, and the focus goes along: to a page, and back to the row it was opened from", async () => {
    const { page } = await visit(browser, explorer.url, "#/map");
    await page.locator("canvas.map-overlay").waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("c");
    await page.locator(".concept-row").first().waitFor();
    expect(await page.locator("[role=status]").first().textContent()).toContain("Concepts");
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    const row = page.locator(".concept-row:focus");
    await expect.poll(() => row.count()).toBe(1);
    const concept = await row.locator(".concept-number").textContent();
    await page.keyboard.press("Enter");
    await page.locator(".concept-page:focus").waitFor();
    expect(await page.locator("[role=status]").first().textContent()).toBe(`Concept ${concept}`);
    await page.keyboard.press("Escape");
    await expect.poll(() => row.locator(".concept-number").textContent()).toBe(concept);
    await page.close();
  });

  it("skips the bar at the top", async () => {
    const { page } = await visit(browser, explorer.url, "#/concepts");
    await page.locator(".concept-row").first().waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.closest("main") !== null)).toBe(true);
    await page.close();
  });
});

describe("a concept's name", () => {
  it("is given by keyboard, kept in the study, found by, and taken away again", async () => {
    const { page, complaints } = await visit(browser, explorer.url, "#/concept/3");
    await page.locator(".concept-page").waitFor();
    const shown = page.locator(".concept-name");
    await expect.poll(() => shown.textContent()).not.toBe("");
    const before = await shown.textContent();
    await page.keyboard.press("n");
    const box = page.getByLabel("Name of concept 3");
    await box.fill("<b>not bold</b> زرقاء");
    await page.keyboard.press("Escape");
    expect(await shown.textContent()).toBe(before);
    expect(page.url()).toContain("#/concept/3");
    await page.keyboard.press("n");
    await box.fill("<b>not bold</b> زرقاء");
    await page.keyboard.press("Enter");
    await expect.poll(() => shown.textContent()).toBe("<b>not bold</b> زرقاء");
    await page.reload();
    await expect.poll(() => shown.textContent()).toBe("<b>not bold</b> زرقاء");
    await page.goto(`${explorer.url}#/concepts?q=bold+not&dead=shown`);
    await expect.poll(() => page.locator(".concept-row .concept-number").allTextContents()).toEqual(["3"]);
    await page.goto(`${explorer.url}#/concept/3`);
    await page.getByRole("button", { name: "Name this concept" }).click();
    await page.getByRole("button", { name: "take the name away" }).click();
    await expect.poll(() => shown.textContent()).toBe(before);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("says why it could not be kept, and shows the old one", async () => {
    const { page } = await visit(browser, explorer.url, "#/concept/3");
    await page.locator(".concept-page").waitFor();
    await expect.poll(() => page.locator(".concept-name").textContent()).not.toBe("");
    const before = await page.locator(".concept-name").textContent();
    await page.route("**/data/names/**", (route) => route.abort());
    await page.keyboard.press("n");
    await page.getByLabel("Name of concept 3").fill("lost");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("server does not answer").waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    expect(await page.locator(".concept-name").textContent()).toBe(before);
    await page.close();
  });
});

describe("picked concepts", () => {
  it("are in the address, listed alone, taken away as files and as programs, by keyboard too", async () => {
    const { page, complaints } = await visit(browser, explorer.url, "#/concepts?sort=concept");
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.locator(".concept-row").first().waitFor();
    const numbers = page.locator(".concept-row .concept-number");
    const [first, , third] = await numbers.allTextContents();
    await page.keyboard.press("j");
    await page.keyboard.press("x");
    await page.getByRole("checkbox", { name: `Pick concept ${third}`, exact: true }).check();
    await page.waitForURL(new RegExp(`pick=${first}\\.${third}(&|$)`));
    await page.reload();
    await page.getByText("2 picked").waitFor();
    await page.getByRole("button", { name: "Only these" }).click();
    await expect.poll(() => numbers.allTextContents()).toEqual([first, third]);
    const bar = page.getByRole("button", { name: "Export" });
    const csv: Record<string, string>[] = parse(await downloaded(page, bar, "Download CSV"), {
      columns: true,
    });
    expect(csv.map(({ concept }) => concept)).toEqual([first, third]);
    // What the list calls them, though nobody named them.
    for (const { name, nameFrom } of csv) {
      expect(nameFrom).toMatch(/^(?:words|caption|picture|file)$/);
      await page
        .locator(".concept-row", { hasText: name.slice(0, 20) })
        .first()
        .waitFor();
    }
    const json = JSON.parse(String(await downloaded(page, bar, "Download JSON")));
    expect(json).toMatchObject({ dictionary: "one", concepts: [{ concept: Number(first) }, {}] });
    expect(json.concepts.map((one: { energy: number }) => String(one.energy))).toEqual(
      csv.map(({ energy }) => energy),
    );
    await bar.click();
    await page.getByRole("menuitem", { name: "Copy as Python" }).click();
    await page.getByText("Python copied").first().waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(
      `concepts = np.array([${first}, ${third}])`,
    );
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("stay in the window when they are many, which is said", async () => {
    const { page } = await visit(browser, explorer.url, "#/concepts");
    await page.locator(".concept-row").first().waitFor();
    await page.getByRole("checkbox", { name: "Pick all listed concepts" }).first().check();
    await page.getByText("in this window only").waitFor();
    const many = await page.locator(".pick-count").textContent();
    await page.reload();
    await expect.poll(() => page.locator(".pick-count").textContent()).toBe(many);
    const elsewhere = await visit(browser, page.url().replace(/#.*/, ""), new URL(page.url()).hash);
    await elsewhere.page.getByText("they stayed in the browser where they were picked").waitFor();
    await elsewhere.page.getByRole("button", { name: "Pick none" }).click();
    await elsewhere.page.locator(".pick-bar").waitFor({ state: "detached" });
    await elsewhere.page.close();
    await page.close();
  });
});

describe("the search", () => {
  it("shows first results under the box, and opens one by keyboard", async () => {
    const { page, complaints } = await visit(browser, explorer.url, "#/map");
    await page.locator("canvas.map-overlay").waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("BOLD script");
    const options = page.locator(".search-option");
    await options.first().waitFor();
    expect(await page.getByRole("group", { name: "Captions" }).locator("mark").first().textContent()).toBe(
      "bold",
    );
    expect(await page.locator(".search-panel b, .search-panel script").count()).toBe(0);
    await page.keyboard.press("ArrowDown");
    const concept = await page.locator('[aria-selected="true"] .concept-number').textContent();
    await page.keyboard.press("Enter");
    await page.locator("h1", { hasText: `Concept ${concept}` }).waitFor();
    await page.locator(".concept-page:focus").waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("has an address of its own, keeps up with typing, and is left for where it came from", async () => {
    const { page, complaints } = await visit(browser, explorer.url, "#/concepts?sort=concept");
    await page.locator(".concept-row").first().waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("قطة");
    await page.keyboard.press("Enter");
    await page.waitForURL(/#\/search\?.*q=/);
    await page.getByRole("button", { name: /^Captions/ }).click();
    await page.waitForURL(/in=captions/);
    await page.locator(".search-hit", { hasText: "قطة سوداء" }).first().waitFor();
    await page.reload();
    await page.locator(".search-hit", { hasText: "قطة سوداء" }).first().waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await expect.poll(() => page.locator(".search-hit:focus").count()).toBe(1);
    await page.keyboard.press("/");
    await page.keyboard.type("nothing like it");
    await page.getByText("Nothing found").waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await page.waitForURL((url) => !url.hash.startsWith("#/search"));
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("closes its results with Escape and leaves the view as it was", async () => {
    const { page } = await visit(browser, explorer.url, "#/concept/3");
    await page.locator(".concept-page").waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("bold");
    await page.locator(".search-panel").waitFor();
    await page.keyboard.press("Escape");
    await page.locator(".search-panel").waitFor({ state: "detached" });
    expect(page.url()).toContain("#/concept/3");
    await page.close();
  });
});

describe("data that comes slowly", () => {
  it.each([
    [1280, "#/map"],
    [1280, "#/concepts"],
    [1280, "#/concept/3"],
    [390, "#/concept/3"],
    [390, "#/concepts"],
    [390, "#/search?q=bold&in=captions"],
  ])("moves nothing when it arrives: %i pixels wide, %s", async (width, hash) => {
    const page = await browser.newPage({ viewport: { width, height: 844 } });
    await page.route("**/data/**", async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 80));
      await route.continue().catch(() => {});
    });
    await page.addInitScript(() => {
      const shifts = { sum: 0 };
      Object.assign(window, { shifts });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if ("value" in entry) shifts.sum += Number(entry.value);
      }).observe({ type: "layout-shift", buffered: true });
    });
    await page.goto(explorer.url + hash);
    await page.locator(".map-overlay, .concept-row, .caption-text, .search-hit").first().waitFor();
    await page.waitForLoadState("networkidle");
    // Of the window, weighed by how far it moved; 0.1 is called good.
    expect(
      await page.evaluate(() => (window as unknown as { shifts: { sum: number } }).shifts.sum),
    ).toBeLessThan(0.02);
    await page.close();
  });
});

describe("axe", () => {
  it.each(["light", "dark"] as const)(
    "finds nothing serious in any view, %s",
    async (colorScheme) => {
      const axe = await readFile(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");
      const states: [hash: string, keys: string[]][] = [
        ["#/map", []],
        ["#/map", ["?"]],
        ["#/concepts?pick=3.17", []],
        ["#/concept/3", []],
        ["#/concept/3", ["n"]],
        ["#/search?q=bold", []],
        ["#/search?q=png&in=pictures", []],
        ["#/bridges", []],
        ["#/bridges?show=matrix", []],
        ["#/bridges?show=graph", []],
        ["#/ask", []],
        ["#/compare", []],
        ["#/item/image/3", []],
        ["#/item/text/3", []],
        ["#/intervene?keep=bimodal&scale=3_17x0.5", []],
      ];
      const page = await browser.newPage({ colorScheme });
      for (const [hash, keys] of states) {
        await page.goto(explorer.url + hash);
        await page.reload();
        await page
          .locator(
            ".map-overlay, .concept-row, .caption-text, .search-hit, .bridge-row, .bridge-drawing a, .ask-form, .item-column, .compare-view, .outcome-table",
          )
          .first()
          .waitFor();
        await page.waitForLoadState("networkidle");
        for (const key of keys) await page.keyboard.press(key);
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => (window as unknown as { axe: Axe }).axe.run());
        const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
        expect(serious.map(({ id, nodes }) => [hash, id, ...nodes.map(({ target }) => target)])).toEqual([]);
      }
      await page.close();
    },
    180_000,
  );
});

interface Axe {
  run(): Promise<{ violations: { id: string; impact: string; nodes: { target: string[] }[] }[] }>;
}

async function downloaded(page: Page, menu: Locator, choice: string): Promise<Buffer> {
  await menu.click();
  const download = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: choice }).click();
  return readFile(await (await download).path());
}
