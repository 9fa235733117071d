/** The map in a real browser: painters, planes, filters, picking, keys, fingers. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeSyntheticStudy } from "../../bench/synthetic-study.ts";
import { startExplorer, type RunningExplorer } from "../../src/server/explorer.ts";
import { launchChromium } from "./chromium.ts";
import { visit } from "./visit.ts";

const application = fileURLToPath(new URL("../../dist/explorer", import.meta.url));
const concepts = 3000;
let scratch: string;
let explorer: RunningExplorer;
let browser: Browser;

beforeAll(async () => {
  if (!existsSync(join(application, "index.html")))
    throw new Error("the explorer is not built; run: npm run build");
  scratch = mkdtempSync(join(tmpdir(), "viaduct-map-"));
  const study = await makeSyntheticStudy(scratch, { concepts, runs: 2 });
  explorer = await startExplorer({ study, application });
  browser = await launchChromium();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await explorer?.close();
  if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
});

const points = (page: Page) => page.locator("canvas.map-points");
/** Of polls, on a busy machine. */
const patient = { timeout: 15_000 };

const painter = (page: Page) => page.locator(".map").getAttribute("data-painter");

/** Red, green, blue, alpha of the map when two looks at it are alike. */
async function pixels(page: Page): Promise<Buffer> {
  await points(page).waitFor();
  await page.waitForLoadState("networkidle");
  let before: Buffer = Buffer.alloc(0);
  for (;;) {
    const now = await page.locator(".map-surface").screenshot();
    if (now.equals(before)) return sharp(now).ensureAlpha().raw().toBuffer();
    before = now;
    await page.waitForTimeout(150);
  }
}

function difference(a: Buffer, b: Buffer): { mean: number; far: number } {
  expect(a.length).toBe(b.length);
  let sum = 0;
  let far = 0;
  for (let i = 0; i < a.length; i++) {
    const away = Math.abs(a[i] - b[i]);
    sum += away;
    if (away > 40) far++;
  }
  return { mean: sum / a.length, far: far / a.length };
}

describe("painters", () => {
  it("take the CPU where software would draw WebGL", async () => {
    const { page, complaints } = await visit(browser, explorer.url, "#/map");
    await points(page).waitFor();
    expect(await painter(page)).toBe("pixels");
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("paint the same, whichever it is: far and filtered, close and picked", async () => {
    for (const state of ["&modality=0.6~1", "&at=2~1~6&pick=1.2.3.4.5.6.7"]) {
      const shots: Buffer[] = [];
      for (const wish of ["pixels", "webgl"]) {
        const address = `#/map?names=off&pictures=off&contours=off&painter=${wish}${state}`;
        const { page, complaints } = await visit(browser, explorer.url, address);
        shots.push(await pixels(page));
        expect(await painter(page)).toBe(wish);
        expect(complaints).toEqual([]);
        await page.close();
      }
      const { mean, far } = difference(shots[0], shots[1]);
      expect(mean).toBeLessThan(0.3);
      expect(far).toBeLessThan(0.001);
    }
  });

  it("go on without the GPU when it gives up", async () => {
    const { page } = await visit(browser, explorer.url, "#/map?painter=webgl");
    await points(page).waitFor();
    await expect.poll(() => painter(page), patient).toBe("webgl");
    await points(page).evaluate((canvas: HTMLCanvasElement) =>
      canvas.getContext("webgl2")?.getExtension("WEBGL_lose_context")?.loseContext(),
    );
    await expect.poll(() => painter(page), patient).toBe("pixels");
    await page.close();
  });

  it("leave a list where there is no canvas, and where one is asked for", async () => {
    const bare = await browser.newPage();
    await bare.addInitScript(() => {
      HTMLCanvasElement.prototype.getContext = () => null;
    });
    await bare.goto(`${explorer.url}#/map`);
    await bare.getByText("This browser draws no pictures").waitFor();
    await bare.locator(".map-list-row").first().waitFor();
    await bare.close();
    const { page, complaints } = await visit(browser, explorer.url, "#/map?painter=list");
    await page.locator(".map-list-row .concept-text").first().waitFor();
    await page.getByRole("button", { name: "Show the map" }).click();
    await points(page).waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });
});

describe("the map", () => {
  it("shows every plane by every kind of column, and says so in the address", async () => {
    const { page, complaints } = await visit(browser, explorer.url, "#/map");
    const seen = [await pixels(page)];
    for (const plane of ["Modality × energy", "PCA", "Concept map"]) {
      await page.getByRole("button", { name: plane }).click();
      await expect
        .poll(() => page.getByRole("button", { name: plane }).getAttribute("aria-pressed"))
        .toBe("true");
      await page.waitForTimeout(800);
      seen.push(await pixels(page));
    }
    expect(difference(seen[0], seen[3]).far).toBeLessThan(0.001);
    for (const [a, b] of [
      [0, 1],
      [1, 2],
    ])
      expect(difference(seen[a], seen[b]).far).toBeGreaterThan(0.005);
    await page.locator(".map-colour select").selectOption({ label: "Stability" });
    await page.locator(".legend", { hasText: "over 1 other run" }).waitFor();
    expect(page.url()).toContain("colour=stability");
    await page.locator(".map-colour select").selectOption({ label: "Monosemanticity" });
    await page.locator(".legend", { hasText: "monosemanticity" }).waitFor();
    const coloured = await pixels(page);
    await page.reload();
    expect(difference(coloured, await pixels(page)).far).toBeLessThan(0.001);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("tells of the concept pointed at, with its picture, numbers and bridges", async () => {
    const { page, complaints } = await visit(browser, explorer.url, "#/map?at=0~0~12");
    await pixels(page);
    const { x, y, width, height } = (await page.locator(".map-surface").boundingBox())!;
    const tooltip = page.locator(".tooltip");
    for (let step = 0; step < 60 && (await tooltip.count()) === 0; step++) {
      await page.mouse.move(x + width * (0.3 + 0.006 * step), y + height * (0.3 + 0.007 * step));
    }
    await tooltip.locator("img").waitFor();
    expect(await tooltip.textContent()).toMatch(/Concept \d+ \w+, \w+/);
    expect(await tooltip.locator("dl").textContent()).toMatch(/% of rows.*significant.*Stability/s);
    await page.locator(".legend", { hasText: /\d+ bridges to other concepts/ }).waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("filters by brushing a histogram, and takes the range away with a click", async () => {
    const { page, complaints } = await visit(browser, explorer.url, "#/map");
    const shown = async () =>
      Number((await page.locator(".filter-count").textContent())!.split(" of ")[0].replace(",", ""));
    await expect.poll(shown, patient).toBeGreaterThan(2000);
    const all = await shown();
    for (const name of ["Energy", "Frequency", "Stability"]) {
      const area = page.locator("figure", { hasText: name }).locator(".brush-area").first();
      const box = (await area.boundingBox())!;
      await page.mouse.move(box.x + 0.5 * box.width, box.y + 10);
      await page.mouse.down();
      await page.mouse.move(box.x + 0.9 * box.width, box.y + 12, { steps: 4 });
      await page.mouse.up();
      await page.waitForURL(new RegExp(`${name.toLowerCase()}=`));
      await expect.poll(shown, patient).toBeLessThan(all);
      const narrowed = await shown();
      expect(narrowed).toBeGreaterThan(0);
      await page.reload();
      await expect.poll(shown, patient).toBe(narrowed);
      await area.click();
      await expect.poll(shown, patient).toBe(all);
    }
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("picks what a lasso goes around, adds a box with Shift, and lists it", async () => {
    const { page, complaints } = await visit(browser, explorer.url, "#/map");
    await pixels(page);
    const { x, y, width, height } = (await page.locator(".map-surface").boundingBox())!;
    const at = (across: number, down: number) => [x + across * width, y + down * height] as const;
    const picked = async () =>
      Number((await page.locator(".pick-count").textContent())!.split(" ")[0].replace(",", ""));
    await page.getByRole("button", { name: "Draw around concepts" }).click();
    await page.mouse.move(...at(0.35, 0.3));
    await page.mouse.down();
    for (const [across, down] of [
      [0.55, 0.3],
      [0.55, 0.6],
      [0.35, 0.6],
      [0.35, 0.31],
    ])
      await page.mouse.move(...at(across, down), { steps: 5 });
    await page.mouse.up();
    await page.locator(".pick-count").waitFor();
    const first = await picked();
    expect(first).toBeGreaterThan(10);
    await page.keyboard.down("Shift");
    await page.mouse.move(...at(0.56, 0.3));
    await page.mouse.down();
    await page.mouse.move(...at(0.75, 0.7), { steps: 5 });
    await page.mouse.up();
    await page.keyboard.up("Shift");
    await expect.poll(picked, patient).toBeGreaterThan(first);
    const both = await picked();
    await page
      .locator(".map-picked", { hasText: `${both.toLocaleString("en-GB")} picked concepts` })
      .waitFor();
    await page.getByRole("link", { name: "Open as list" }).click();
    await page.locator(".filter-count", { hasText: `${both.toLocaleString("en-GB")} of` }).waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("works by keyboard: to the nearest concept, closer, back to all, into a concept", async () => {
    const { page, complaints } = await visit(browser, explorer.url, "#/map");
    await pixels(page);
    await page.keyboard.press("ArrowRight");
    await page.waitForURL(/concept=\d+/);
    const start = page.url();
    await page.keyboard.press("ArrowLeft");
    await page.waitForURL((url) => url.href !== start && url.hash.includes("concept="));
    const concept = /concept=(\d+)/.exec(page.url())![1];
    await page
      .locator('[role="status"], [aria-live]', { hasText: `Concept ${concept}, ` })
      .first()
      .waitFor();
    await page.keyboard.press("+");
    await page.waitForURL(/at=/);
    await page.keyboard.press("0");
    await page.waitForURL((url) => !url.hash.includes("at="));
    await page.keyboard.press("Enter");
    await page.waitForURL(new RegExp(`#/concept/${concept}`));
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("answers fingers on a phone: a touch says what it is, a pinch zooms", async () => {
    const context = await browser.newContext({
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    });
    const page = await context.newPage();
    await page.goto(`${explorer.url}#/map?pictures=off`);
    await points(page).waitFor();
    await page.waitForLoadState("networkidle");
    const { x, y, width, height } = (await page.locator(".map-surface").boundingBox())!;
    for (let step = 0; step < 36 && !page.url().includes("concept="); step++) {
      const [across, down] = [step % 6, Math.floor(step / 6)];
      await page.touchscreen.tap(x + width * (0.25 + 0.1 * across), y + height * (0.3 + 0.1 * down));
    }
    const concept = /concept=(\d+)/.exec(page.url())![1];
    await page.locator(".concept-card", { hasText: concept }).waitFor();
    const [middleX, middleY] = [x + width / 2, y + height / 2];
    const session = await context.newCDPSession(page);
    const touch = (type: "touchStart" | "touchMove" | "touchEnd", apart: number) =>
      session.send("Input.dispatchTouchEvent", {
        type,
        touchPoints:
          type === "touchEnd"
            ? []
            : [
                { x: middleX - apart, y: middleY, id: 1 },
                { x: middleX + apart, y: middleY, id: 2 },
              ],
      });
    await touch("touchStart", 20);
    for (const apart of [30, 50, 80, 110]) await touch("touchMove", apart);
    await touch("touchEnd", 0);
    const zoom = () => Number(/at=[^&]*(?:~|%7E)([\d.]+)/.exec(page.url())?.[1] ?? 1);
    await expect.poll(zoom, patient).toBeGreaterThan(2);
    await page.locator(".concept-card").getByRole("link", { name: "Open concept" }).tap();
    await page.waitForURL(new RegExp(`#/concept/${concept}`));
    await context.close();
  });

  it("is taken away as picture, drawing and table", async () => {
    const { page, complaints } = await visit(browser, explorer.url, "#/map?colour=stability&concept=3");
    await pixels(page);
    const download = async (name: string): Promise<Buffer> => {
      await page.getByRole("button", { name: "Take the map away" }).click();
      const [file] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("menuitem", { name }).click(),
      ]);
      const chunks: Buffer[] = [];
      for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks);
    };
    const png = sharp(await download("Download PNG"));
    const { width } = (await page.locator(".map-surface").boundingBox())!;
    expect((await png.metadata()).width).toBe(Math.round(width));
    const svg = (await download("Download SVG")).toString();
    expect(svg.match(/<circle /g)!.length).toBeGreaterThan(2000);
    expect(svg).toMatch(/<text [^>]*>\w+, \w+<\/text>/);
    expect((await sharp(Buffer.from(svg)).metadata()).format).toBe("svg");
    const [head, row] = (await download("Download CSV")).toString().split("\n");
    expect(head).toBe("concept,name,x,y,modalityScore,energy,stability");
    expect(row).toMatch(/^\d+,"\w+, \w+",/);
    expect(complaints).toEqual([]);
    await page.close();
  });
});
