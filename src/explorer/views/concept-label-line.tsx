/** A concept in one line: its top picture, its number, its name. */
import "./concept-label-line.css";
import type { JSX } from "preact";
import { isDead } from "../data/concept-columns.ts";
import { useExplorer } from "../explorer-context.ts";
import { conceptName } from "../stores/concept-name.ts";
import type { OpenDictionary } from "../stores/explorer-store.ts";
import { Picture, shortened } from "../widgets/picture.tsx";

export function ConceptLabelLine({
  opened,
  concept,
}: {
  opened: OpenDictionary;
  concept: number;
}): JSX.Element {
  const explorer = useExplorer();
  const dead = isDead(opened.tables.concepts, concept);
  const label = dead ? undefined : opened.labels.get(concept);
  const image = label?.image ?? null;
  const name = conceptName(label, dead, opened.labels.givenName(concept));
  return (
    <span class="concept-label">
      {label !== undefined && image === null && !label.unreadable ? (
        <span class="picture picture-thumb picture-absent picture-words" title="No picture activates it">
          Aa
        </span>
      ) : (
        <Picture
          whyNot={explorer.whyNoPicture}
          item={image}
          address={image === null ? null : explorer.picture(image.row)}
          size="thumb"
        />
      )}
      <span class="concept-number">{concept}</span>
      <span class={`concept-text concept-text-${name.from}`} dir="auto" title={shortened(name.text, 600)}>
        {shortened(name.text, 160)}
      </span>
    </span>
  );
}
