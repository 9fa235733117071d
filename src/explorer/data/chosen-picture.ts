/** Reads a picture that a person chose, dropped or pasted. */
import { badInput } from "../../base/errors.ts";

export interface ChosenPicture {
  name: string;
  base64: string;
  /** For showing it here. */
  address: string;
}

/** Bytes; the server takes no more. */
const largest = 36e6;

export async function readPicture(file: File): Promise<ChosenPicture> {
  if (file.size > largest) {
    throw badInput(`${file.name} has ${Math.round(file.size / 1e6)} MB; at most 36 MB can be asked about`);
  }
  const data = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(reader.result as string));
    reader.addEventListener("error", () => reject(badInput(`${file.name} could not be read`)));
    reader.readAsDataURL(file);
  });
  // The page's content policy shows no data: addresses.
  const address = URL.createObjectURL(file);
  return { name: file.name, base64: data.slice(data.indexOf(",") + 1), address };
}
