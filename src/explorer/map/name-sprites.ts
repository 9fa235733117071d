/** Names as small pictures, drawn once: writing text anew in every frame takes longer than all the points. */
import type { Inks } from "./inks.ts";

export interface NameSprite {
  picture: HTMLCanvasElement;
  /** CSS pixels, the halo included. */
  width: number;
  height: number;
}

const fontSize = 12;
const padding = 3;
const kept = 600;

/** CSS pixels that a name takes before it is drawn, about. */
export const nameHeight = fontSize + 2 * padding + 2;

export class NameSprites {
  readonly #sprites = new Map<string, NameSprite>();
  readonly #font: string;
  readonly #inks: Inks;
  readonly #ratio: number;

  constructor(fontFamily: string, inks: Inks, pixelRatio: number) {
    this.#font = `500 ${fontSize}px ${fontFamily}`;
    this.#inks = inks;
    this.#ratio = pixelRatio;
  }

  get(text: string): NameSprite {
    const known = this.#sprites.get(text);
    if (known !== undefined) {
      this.#sprites.delete(text);
      this.#sprites.set(text, known);
      return known;
    }
    const sprite = this.#draw(text);
    this.#sprites.set(text, sprite);
    for (const oldest of this.#sprites.keys()) {
      if (this.#sprites.size <= kept) break;
      this.#sprites.delete(oldest);
    }
    return sprite;
  }

  #draw(text: string): NameSprite {
    const picture = document.createElement("canvas");
    const context = picture.getContext("2d")!;
    context.font = this.#font;
    const width = Math.ceil(context.measureText(text).width) + 2 * padding;
    picture.width = Math.ceil(width * this.#ratio);
    picture.height = Math.ceil(nameHeight * this.#ratio);
    context.scale(this.#ratio, this.#ratio);
    context.font = this.#font;
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.lineWidth = 3;
    context.strokeStyle = this.#inks.halo;
    context.strokeText(text, padding, nameHeight / 2);
    context.fillStyle = this.#inks.ink;
    context.fillText(text, padding, nameHeight / 2);
    return { picture, width, height: nameHeight };
  }
}
