/** What the explorer shows of sets with hostile captions, absent pictures, no pairs, or no analysis. */
import { existsSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createReferenceBackend } from "../../src/kernels/reference/backend.ts";
import { startExplorer, type RunningExplorer } from "../../src/server/explorer.ts";
import { launchChromium } from "./chromium.ts";
import { makeOddStudy, oddCaptions, type OddStudy } from "./odd-study.ts";
import { visit } from "./visit.ts";

const application = fileURLToPath(new URL("../../dist/explorer", import.meta.url));
let scratch: string;
let browser: Browser;
const running: RunningExplorer[] = [];

async function serve(name: string, study: OddStudy): Promise<string> {
  const path = await makeOddStudy(scratch, name, createReferenceBackend(), study);
  const explorer = await startExplorer({ study: path, application });
  running.push(explorer);
  return explorer.url;
}

beforeAll(async () => {
  if (!existsSync(join(application, "index.html")))
    throw new Error("the explorer is not built; run: npm run build");
  scratch = mkdtempSync(join(tmpdir(), "viaduct-odd-"));
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  for (const explorer of running) await explorer.close();
  if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
});

describe("a set with hostile captions and absent pictures", () => {
  let url: string;
  beforeAll(async () => {
    url = await serve("hostile", { paired: true, analysed: true });
  });

  it("shows every caption as text and every picture or why not, and runs nothing", async () => {
    const { page, complaints } = await visit(browser, url, "#/concepts");
    const rows = page.locator(".concept-row");
    await rows.first().waitFor();
    const links = await rows.evaluateAll((all) => all.map((row) => row.getAttribute("href")!));
    const captions = new Set<string>();
    const problems = new Set<string>();
    let seen = 0;
    for (const link of links.slice(0, 12)) {
      await page.goto(url + link);
      await page.locator('.concept-page[aria-busy="false"]').waitFor();
      for (const picture of await page.locator(".pictures .picture").all())
        await picture.scrollIntoViewIfNeeded();
      await page.waitForLoadState("networkidle");
      seen += await page
        .locator(".pictures img")
        .evaluateAll(
          (all) =>
            all.filter((image) => image instanceof HTMLImageElement && image.naturalWidth === 1).length,
        );
      for (const text of await page.locator(".caption-text").allTextContents()) captions.add(text);
      for (const text of await page.locator(".picture-problem").allTextContents()) problems.add(text);
      expect(await page.locator(".concept-page b, .concept-page script").count()).toBe(0);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
    }
    expect(seen).toBeGreaterThan(0);
    expect([...problems].sort()).toEqual([
      "no file named",
      "not a picture that browsers show: broken.png",
      expect.stringMatching(/^not found: (long)+lo?n?g?…$/),
      "not found: lost in the move.png",
      "not found: script>.png",
      "on the web, not fetched: away.png",
      "outside the image root: outside.png",
    ]);
    const { markup, arabic, emoji, lines, long, unbroken, overridden } = oddCaptions;
    for (const caption of [markup, arabic, emoji, lines, overridden]) expect(captions).toContain(caption);
    expect([...captions].some((text) => text.startsWith(long.slice(0, 300)) && text.endsWith("…"))).toBe(
      true,
    );
    expect([...captions].some((text) => text.startsWith(unbroken.slice(0, 300)) && text.endsWith("…"))).toBe(
      true,
    );
    expect([...captions].some((text) => /^text row \d+, no caption in the set$/.test(text))).toBe(true);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("tells source and further columns of a row by keyboard, read when they are opened", async () => {
    const { page, complaints } = await visit(browser, url, "#/concepts");
    await page.locator(".concept-row:has(.concept-text-caption)").first().click();
    const details = page.locator(".captions .item-details").first();
    await details.waitFor();
    expect(await details.locator("dl").count()).toBe(0);
    await details.locator("summary").focus();
    await page.keyboard.press("Enter");
    await details.locator("dl").waitFor();
    const row = /\d+/.exec((await details.locator("summary").textContent())!)![0];
    expect(await details.locator("dl > div").allTextContents()).toEqual([
      "sourcemade up",
      `height${row}`,
      "note<i>no markup</i>",
    ]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("lets no caption turn the rest of the page around", async () => {
    const { page } = await visit(browser, url, "#/concepts");
    await page.locator(".concept-row").first().waitFor();
    expect(await page.locator(".concept-text").first().getAttribute("dir")).toBe("auto");
    expect(
      await page
        .locator(".concept-text")
        .first()
        .evaluate((text) => getComputedStyle(text).unicodeBidi),
    ).toBe("isolate");
    await page.close();
  });

  it("says of a dead concept that it is dead", async () => {
    const { page, complaints } = await visit(browser, url, "#/concepts?dead=shown&sort=energy");
    await page.locator(".concept-row", { hasText: "never active" }).first().click();
    await page.getByText("This concept is dead").waitFor();
    expect(await page.locator(".mirrored-histogram").count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("says that there is no concept of that number", async () => {
    const { page } = await visit(browser, url, "#/concept/4096");
    await page.getByText("There is no concept 4096").waitFor();
    await page.close();
  });
});

describe("sets that lack something", () => {
  it("says that the address names no dictionary of the study, and offers those there are", async () => {
    const url = await serve("unknown", { paired: true, analysed: true });
    const { page, complaints } = await visit(browser, url, "#/map?dictionary=two&at=1~2~3");
    await page.getByText("This study has no dictionary two").waitFor();
    await page.getByRole("button", { name: "one", exact: true }).click();
    await page.locator("canvas.map-overlay").waitFor();
    expect(page.url()).toBe(`${url}#/map?dictionary=one`);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("says that the set is not where it was, and shows it when it is back", async () => {
    const url = await serve("moved", { paired: true, analysed: true });
    const set = join(scratch, "moved-set");
    renameSync(set, `${set}-away`);
    const { page } = await visit(browser, url, "#/concepts");
    await page.getByText("The embedding set is not at ../moved-set").waitFor();
    await page.getByText("its captions and files cannot be read").first().waitFor();
    expect(await page.getByTitle("No picture activates it").count()).toBe(0);
    renameSync(`${set}-away`, set);
    await page.reload();
    await page.locator(".concept-text-caption").first().waitFor();
    expect(await page.getByText("The embedding set is not at").count()).toBe(0);
    await page.close();
  });

  it("says that there are no pairs, hence no bridges, and what to do", async () => {
    const url = await serve("unpaired", { paired: false, analysed: true });
    const { page, complaints } = await visit(browser, url, "#/concepts");
    await page.getByText("the set has no pairs").waitFor();
    await page.locator(".concept-row").first().click();
    await page
      .getByText(/no bridges: import it with --pairs/)
      .first()
      .waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("says that the dictionary was not measured, and what to do", async () => {
    const url = await serve("unmeasured", { paired: true, analysed: false });
    const { page, complaints } = await visit(browser, url, "#/map");
    await page.getByText("one has not been measured yet").waitFor();
    await page.getByText("viaduct analyze <study>").waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });
});
