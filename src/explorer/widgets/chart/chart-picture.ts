/** A drawing of the page as a file of its own: style sheets become attributes, as the page computes them. */

/** Passed from an element to those inside it. */
const inherited = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-opacity",
  "stroke-dasharray",
  "stroke-linecap",
  "stroke-linejoin",
  "font-family",
  "font-size",
  "font-weight",
  "font-style",
  "text-anchor",
  "visibility",
] as const;

/** Not passed on; with the value that says nothing. */
const single = {
  opacity: "1",
  "dominant-baseline": "auto",
  display: "inline",
  "mix-blend-mode": "normal",
} as const;

const dropped = /^(class|style|tabindex|on.*|data-.*)$/;

/** The drawing as SVG text, on the page's surface colour. */
export function svgText(svg: SVGSVGElement, title: string): string {
  const { width, height } = svg.getBoundingClientRect();
  const copy = standalone(svg, null);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", String(Math.round(width)));
  copy.setAttribute("height", String(Math.round(height)));
  if (!copy.hasAttribute("viewBox")) copy.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const background = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  background.setAttribute("width", "100%");
  background.setAttribute("height", "100%");
  background.setAttribute("stroke", "none");
  background.setAttribute("fill", getComputedStyle(document.documentElement).getPropertyValue("--surface"));
  const name = document.createElementNS("http://www.w3.org/2000/svg", "title");
  name.textContent = title;
  copy.prepend(name, background);
  return new XMLSerializer().serializeToString(copy);
}

/** The same as pixels, `scale` for each of the page's. */
export async function pngBlob(svg: SVGSVGElement, title: string, scale = 3): Promise<Blob> {
  const { width, height } = svg.getBoundingClientRect();
  const address = URL.createObjectURL(new Blob([svgText(svg, title)], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) =>
        blob === null ? reject(new Error("the picture is too large")) : resolve(blob),
      );
    });
  } finally {
    URL.revokeObjectURL(address);
  }
}

function standalone(element: Element, parentStyle: CSSStyleDeclaration | null): Element {
  const style = getComputedStyle(element);
  const copy = element.cloneNode(false) as Element;
  for (const { name } of Array.from(copy.attributes)) if (dropped.test(name)) copy.removeAttribute(name);
  if (element instanceof SVGGraphicsElement) {
    for (const name of inherited) {
      const value = style.getPropertyValue(name);
      if (value !== parentStyle?.getPropertyValue(name)) copy.setAttribute(name, value);
      else copy.removeAttribute(name);
    }
    for (const [name, plain] of Object.entries(single)) {
      const value = style.getPropertyValue(name);
      const says = value !== plain && !(name === "display" && value !== "none");
      if (says) copy.setAttribute(name, value);
    }
  }
  for (const child of Array.from(element.childNodes)) {
    if (child instanceof Element) copy.append(standalone(child, style));
    else if (child.nodeType === Node.TEXT_NODE) copy.append(child.cloneNode());
  }
  return copy;
}
