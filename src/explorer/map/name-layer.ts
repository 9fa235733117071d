/** Names over the points. Those shown stay while the map is only moved. */
import type { OpenDictionary } from "../stores/explorer-store.ts";
import { inks } from "./inks.ts";
import { labelLimit, placeLabels } from "./label-placement.ts";
import { mapName } from "./map-names.ts";
import type { MapModel } from "./map-model.ts";
import type { OverState } from "./map-over.ts";
import { nameHeight, NameSprites } from "./name-sprites.ts";
import type { Box, Occupied } from "./occupied.ts";
import type { Frame } from "./painter.ts";
import type { Scene } from "./scene.ts";

/** CSS pixels that a name not read yet takes, about. */
const usualWidth = 110;

export interface WrittenName {
  text: string;
  x: number;
  y: number;
}

export class NameLayer {
  readonly #model: MapModel;
  readonly #opened: OpenDictionary;
  #sprites: { key: string; sprites: NameSprites } | null = null;
  #written: WrittenName[] = [];
  #shown: { scene: Scene; scale: number; concepts: number[] } | null = null;

  constructor(model: MapModel, opened: OpenDictionary) {
    this.#model = model;
    this.#opened = opened;
  }

  /** Names as they were painted last: their texts and the middle of their upper edges, in CSS pixels. */
  get written(): readonly WrittenName[] {
    return this.#written;
  }

  /** How many names the map bears as it is in view now. */
  get limit(): number {
    return labelLimit(this.#model.size.peek(), this.#model.zoom.peek());
  }

  /** Where the name lies below what reaches `radius` around x, y; null when the concept has no name. */
  boxOf(concept: number, x: number, y: number, radius: number, state: OverState): Box | null {
    const name = mapName(this.#opened, concept);
    if (name === null) return null;
    const width = name === undefined ? usualWidth : this.#spritesFor(state).get(name).width;
    const left = this.#leftOf(x, width);
    const top = y + radius + 1;
    return { left, right: left + width, top, bottom: top + nameHeight };
  }

  /** `reserved`: concepts whose names have a place already, with what they lie below of. */
  paint(
    context: CanvasRenderingContext2D,
    { view, growth }: Frame,
    state: OverState,
    occupied: Occupied,
    reserved: ReadonlyMap<number, number>,
  ): void {
    const model = this.#model;
    const scene = model.scene.peek();
    const before = this.#shown;
    const moved = before !== null && before.scene === scene && before.scale === view.scale;
    const marked = [state.selected, state.hovered].filter(
      (concept) => concept !== null && !reserved.has(concept),
    ) as number[];
    const radiusOf = (concept: number): number => reserved.get(concept) ?? scene.radius[concept]! * growth;
    const concepts = placeLabels({
      candidates: model.byEnergy.peek(),
      scene,
      view,
      size: model.size.peek(),
      kept: [...marked, ...(moved ? before.concepts : [])],
      limit: Math.max(0, this.limit - reserved.size) + marked.length,
      boxOf: (concept, x, y) =>
        reserved.has(concept) ? null : this.boxOf(concept, x, y, radiusOf(concept), state),
      occupied,
    });
    this.#shown = {
      scene,
      scale: view.scale,
      concepts: concepts.filter((concept) => !marked.includes(concept)),
    };
    const sprites = this.#spritesFor(state);
    this.#written = [];
    for (const concept of [...reserved.keys(), ...concepts]) {
      const name = mapName(this.#opened, concept);
      if (typeof name !== "string") continue;
      const { picture, width, height } = sprites.get(name);
      const x = scene.x[concept]! * view.scale + view.offsetX;
      const y = scene.y[concept]! * view.scale + view.offsetY + radiusOf(concept) + 1;
      const left = this.#leftOf(x, width);
      context.drawImage(picture, Math.round(left), Math.round(y), width, height);
      this.#written.push({ text: name, x: left + width / 2, y });
    }
  }

  /** Around x, moved into the map where it would be cut off. */
  #leftOf(x: number, width: number): number {
    return Math.max(2, Math.min(x - width / 2, this.#model.size.peek().width - width - 2));
  }

  #spritesFor({ theme, fontFamily, pixelRatio }: OverState): NameSprites {
    const key = `${theme} ${pixelRatio} ${fontFamily}`;
    if (this.#sprites?.key !== key) {
      this.#sprites = { key, sprites: new NameSprites(fontFamily, inks[theme], pixelRatio) };
    }
    return this.#sprites.sprites;
  }
}
