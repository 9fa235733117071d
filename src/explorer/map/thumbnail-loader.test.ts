import { expect, it } from "vitest";
import { ThumbnailLoader, type Thumbnail } from "./thumbnail-loader.ts";

const picture = {} as Thumbnail;

it("fetches a few at a time, what is wanted last first, and nothing twice", async () => {
  const asked: number[] = [];
  const finish = new Map<number, (found: Thumbnail | null) => void>();
  let arrived = 0;
  const loader = new ThumbnailLoader({
    load: (row) => {
      asked.push(row);
      return new Promise((resolve) => finish.set(row, resolve));
    },
    arrived: () => arrived++,
  });
  const settle = async (row: number, found: Thumbnail | null): Promise<void> => {
    finish.get(row)!(found);
    await new Promise((resolve) => setTimeout(resolve, 0));
  };
  loader.want([1, 2, 3, 4, 5, 6]);
  expect(asked).toEqual([1, 2, 3, 4]);
  loader.want([9, 1, 2]);
  await settle(1, picture);
  expect(asked).toEqual([1, 2, 3, 4, 9]);
  expect(loader.get(1)).toBe(picture);
  expect(loader.get(2)).toBeUndefined();
  await settle(2, null);
  expect(loader.get(2)).toBeNull();
  loader.want([1, 2]);
  expect(asked).toEqual([1, 2, 3, 4, 9]);
  expect(arrived).toBe(2);
});

it("forgets what was not shown for longest", async () => {
  const loader = new ThumbnailLoader({ load: async () => picture, arrived: () => {} });
  loader.want([0]);
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(loader.get(0)).toBe(picture);
  loader.want(Array.from({ length: 1200 }, (_, i) => i + 1));
  await expect.poll(() => loader.get(1200)).toBe(picture);
  expect(loader.get(0)).toBeUndefined();
});

it("takes a failure for no picture", async () => {
  const loader = new ThumbnailLoader({ load: () => Promise.reject(new Error("gone")), arrived: () => {} });
  loader.want([7]);
  await expect.poll(() => loader.get(7)).toBeNull();
});
