/** Which files are taken for pictures, by the ending of their names. */

const endings = ["jpg", "jpeg", "png", "webp", "avif", "gif", "svg"] as const;

/** For messages: ".jpg, .jpeg, …". */
export const pictureEndings: string = endings.map((ending) => `.${ending}`).join(", ");

const pattern = new RegExp(`\\.(${endings.join("|")})$`, "i");

export function isPictureName(name: string): boolean {
  return pattern.test(name);
}

/** ".heic" of "IMG 1.HEIC"; "" without one. */
export function endingOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot <= 0 ? "" : name.slice(dot).toLowerCase();
}
