/** Which part of the picture is taken: boxes are put in one after another, those that would overlap are refused. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const cellWidth = 64;
const cellHeight = 24;

export class Occupied {
  readonly #cells = new Map<number, Box[]>();

  /** Takes the box's place, or says that something is there already. */
  take(box: Box): boolean {
    if (!this.isFree(box)) return false;
    this.#eachCell(box, (key) => {
      const boxes = this.#cells.get(key);
      if (boxes === undefined) this.#cells.set(key, [box]);
      else boxes.push(box);
      return true;
    });
    return true;
  }

  isFree(box: Box): boolean {
    return this.#eachCell(
      box,
      (key) => !(this.#cells.get(key)?.some((other) => overlap(box, other)) ?? false),
    );
  }

  /** Ends with false at the first cell that gives it. */
  #eachCell({ left, top, right, bottom }: Box, visit: (key: number) => boolean): boolean {
    for (let row = Math.floor(top / cellHeight); row <= Math.floor(bottom / cellHeight); row++) {
      for (let column = Math.floor(left / cellWidth); column <= Math.floor(right / cellWidth); column++) {
        if (!visit(row * 4096 + column)) return false;
      }
    }
    return true;
  }
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
