import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isWebAddress } from "../../../base/web-address.ts";
import { openPictureRoot, type PictureRoot } from "./picture-root.ts";

let folder: string;
let pictures: string;
let root: PictureRoot;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "viaduct-pictures-"));
  pictures = join(folder, "pictures");
  await mkdir(join(pictures, "sub"), { recursive: true });
  await writeFile(join(pictures, "a.png"), "");
  await writeFile(join(pictures, "sub", "b.png"), "");
  await writeFile(join(folder, "secret.png"), "");
  await symlink(join(folder, "secret.png"), join(pictures, "link.png"));
  await symlink(join(pictures, "loop.png"), join(pictures, "loop.png"));
  root = await openPictureRoot(pictures);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("pictures in a folder", () => {
  it.each([
    ["a.png", "a.png"],
    ["./sub/../a.png", "a.png"],
    ["sub/b.png", "sub/b.png"],
    ["sub\\b.png", "sub/b.png"],
    ["/elsewhere/of/another/machine/a.png", "a.png"],
    ["C:\\photos\\a.png", "a.png"],
    ["../pictures/a.png", "a.png"],
    ["../../../../a.png", "a.png"],
  ])("finds %s", (file, path) => {
    expect(root.find(file)).toEqual({ state: "found", path: join(pictures, path) });
  });

  it("finds absolute paths and file addresses", () => {
    const path = join(pictures, "sub", "b.png");
    expect(root.find(path)).toEqual({ state: "found", path });
    expect(root.find(pathToFileURL(path).href)).toEqual({ state: "found", path });
  });

  it.each(["../secret.png", "sub/../../secret.png", "link.png"])(
    "does not leave the folder for %s",
    (file) => {
      expect(root.find(file)).toEqual({ state: "outside" });
    },
  );

  it.each([
    "",
    ".",
    "..",
    "/",
    "sub",
    "b.png",
    "none.png",
    "a.png\0",
    "https://example.org/a.png",
    "file://%zz",
    "x".repeat(300),
    `${"deep/".repeat(2000)}a-file.png`,
    "loop.png",
    "a.png/b-in-a-file.png",
  ])("finds nothing for %j", (file) => {
    expect(root.find(file)).toEqual({ state: "missing" });
  });

  it.skipIf(process.platform === "win32" || process.getuid?.() === 0)(
    "finds nothing in a closed folder (needs POSIX permissions, and not to be root)",
    async () => {
      await mkdir(join(pictures, "closed"), { mode: 0o000 });
      expect(root.find("closed/in-it.png")).toEqual({ state: "missing" });
    },
  );

  it("refuses a root that is no folder", async () => {
    await expect(openPictureRoot(join(folder, "secret.png"), "secret.png")).rejects.toThrow("is no folder");
    await expect(openPictureRoot(join(folder, "none"), "none")).rejects.toThrow(
      "The image root none does not exist",
    );
  });
});

it("knows addresses on the web", () => {
  expect(["https://a/b.png", "HTTP://a", "s3://x/y", "data:image/png;base64,"].map(isWebAddress)).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(["a.png", "/https/a.png", "C:\\a.png", "file:///a.png"].map(isWebAddress)).toEqual([
    false,
    false,
    false,
    false,
  ]);
});
