/**
 * The captions in a text file beside a picture. A caption a line, as CUB, DALL-E's peers and most folders
 * have it; where blank lines stand between them, each paragraph is one caption, its lines joined. The file
 * of img2dataset, one caption on one line, is read alike by both rules.
 */
export function captionsOf(text: string): string[] {
  const lines = text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => line.trim());
  const first = lines.findIndex((line) => line !== "");
  const last = lines.findLastIndex((line) => line !== "");
  const inner = first < 0 ? [] : lines.slice(first, last + 1);
  if (!inner.includes("")) return inner;
  const captions: string[] = [];
  let paragraph: string[] = [];
  for (const line of [...inner, ""]) {
    if (line !== "") paragraph.push(line);
    else if (paragraph.length > 0) {
      captions.push(paragraph.join(" "));
      paragraph = [];
    }
  }
  return captions;
}
