/**
 * Small pictures for the map: a few are fetched at a time, those asked for last come first, and the
 * least recently shown make way.
 */

/** Anything that a canvas draws. */
export type Thumbnail = CanvasImageSource;

export interface ThumbnailEffects {
  /** Null when there is nothing to show for the row. */
  load(row: number): Promise<Thumbnail | null>;
  /** Some have arrived. */
  arrived(): void;
}

/** Browsers open six connections to a host; the page needs some for itself. */
const atOnce = 4;
const kept = 1200;

export class ThumbnailLoader {
  readonly #effects: ThumbnailEffects;
  /** In the order in which they were last shown. */
  readonly #pictures = new Map<number, Thumbnail | null>();
  readonly #loading = new Set<number>();
  #wanted: readonly number[] = [];

  constructor(effects: ThumbnailEffects) {
    this.#effects = effects;
  }

  /** Undefined until it is there; null when it cannot be had. */
  get(row: number): Thumbnail | null | undefined {
    const picture = this.#pictures.get(row);
    if (picture !== undefined) {
      this.#pictures.delete(row);
      this.#pictures.set(row, picture);
    }
    return picture;
  }

  /** What is to be fetched, first things first; replaces what was asked for before and has not begun. */
  want(rows: readonly number[]): void {
    this.#wanted = rows.filter((row) => !this.#pictures.has(row) && !this.#loading.has(row));
    this.#next();
  }

  #next(): void {
    while (this.#loading.size < atOnce && this.#wanted.length > 0) {
      const [row, ...rest] = this.#wanted;
      this.#wanted = rest;
      void this.#load(row!);
    }
  }

  async #load(row: number): Promise<void> {
    this.#loading.add(row);
    const picture = await this.#effects.load(row).catch(() => null);
    this.#loading.delete(row);
    this.#pictures.set(row, picture);
    for (const oldest of this.#pictures.keys()) {
      if (this.#pictures.size <= kept) break;
      this.#pictures.delete(oldest);
    }
    this.#effects.arrived();
    this.#next();
  }
}
