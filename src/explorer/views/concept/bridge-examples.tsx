/** The two ends of a bridge side by side: what the image concept sees, what the text concept says. */
import "./bridge-examples.css";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Example, Modality } from "../../data/dictionary-tables.ts";
import type { Item } from "../../data/item-table.ts";
import { useExplorer } from "../../explorer-context.ts";
import { fileName } from "../../stores/concept-name.ts";
import type { OpenDictionary } from "../../stores/explorer-store.ts";
import { valueOf } from "../../stores/loadable.ts";
import { useArrival } from "../../use-arrival.ts";
import { Failure } from "../../widgets/failure.tsx";
import { Picture, shortened } from "../../widgets/picture.tsx";
import { ItemLink } from "../item-link.tsx";

/** Of either end. */
const pictures = 4;
const captions = 3;

interface BridgeExamplesProps {
  opened: OpenDictionary;
  imageConcept: number;
  textConcept: number;
}

/** Read when they are opened. */
export function BridgeExamples(props: BridgeExamplesProps): JSX.Element {
  const [open, setOpen] = useState(false);
  return (
    <details class="bridge-examples" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>examples</summary>
      {open && <TopExamples {...props} />}
    </details>
  );
}

/** Pictures of the one and captions of the other, which may be the same concept. */
export function TopExamples({ opened, imageConcept, textConcept }: BridgeExamplesProps): JSX.Element {
  const explorer = useExplorer();
  const { content } = useArrival(
    async () => {
      const [images, texts] = await Promise.all([
        topRows(opened, imageConcept, "image", pictures),
        topRows(opened, textConcept, "text", captions),
      ]);
      const [imageItems, textItems] = await Promise.all([
        explorer.images.read(images),
        explorer.texts.read(texts),
      ]);
      return { imageItems, textItems };
    },
    `${imageConcept} ${textConcept}`,
    opened,
  );
  const read = valueOf(content);
  return (
    <div class="bridge-sides">
      <Failure content={content} />
      <ul class="bridge-pictures" aria-label={`Pictures of concept ${imageConcept}`}>
        {(read?.imageItems ?? []).map((item) => (
          <li key={item.row}>
            <ItemLink side="image" row={item.row} label={`Picture ${item.row}`}>
              <Picture
                whyNot={explorer.whyNoPicture}
                item={item}
                address={explorer.picture(item.row)}
                size="tile"
              />
            </ItemLink>
          </li>
        ))}
      </ul>
      <ul class="bridge-captions" aria-label={`Captions of concept ${textConcept}`}>
        {(read?.textItems ?? []).map((item) => (
          <li key={item.row}>
            <ItemLink side="text" row={item.row} class="caption-text">
              <span dir="auto">{shortened(captionOf(item), 140)}</span>
            </ItemLink>
          </li>
        ))}
      </ul>
    </div>
  );
}

async function topRows(
  { tables }: OpenDictionary,
  concept: number,
  side: Modality,
  count: number,
): Promise<number[]> {
  const wanted = ({ modality, band }: Example): boolean => modality === side && band === "top";
  const examples = (await tables.examples(concept)).filter(wanted);
  return examples.slice(0, count).map(({ row }) => row);
}

function captionOf({ caption, file, row }: Item): string {
  return caption !== null && caption.trim() !== "" ? caption : (fileName(file) ?? `caption ${row}`);
}
