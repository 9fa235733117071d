/** A concept in one line: its top picture, its number, its top caption. */
import type { JSX } from "preact";
import { useExplorer } from "../explorer-context.ts";
import type { OpenDictionary } from "../stores/explorer-store.ts";
import { fileName, Picture, shortened } from "../widgets/picture.tsx";

export function ConceptLabelLine({
  opened,
  concept,
}: {
  opened: OpenDictionary;
  concept: number;
}): JSX.Element {
  const explorer = useExplorer();
  const label = opened.labels.get(concept);
  const image = label?.image ?? null;
  return (
    <span class="concept-label">
      <Picture item={image} address={image === null ? null : explorer.picture(image.row)} size="thumb" />
      <span class="concept-number">{concept}</span>
      <span class="concept-text" dir="auto">
        {label === undefined
          ? ""
          : shortened(
              labelText(label.text?.caption ?? null, image?.caption ?? null, image?.file ?? null),
              160,
            )}
      </span>
    </span>
  );
}

function labelText(caption: string | null, imageCaption: string | null, file: string | null): string {
  return caption ?? imageCaption ?? fileName(file) ?? "never active";
}
