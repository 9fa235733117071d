/** The examples of a concept and what their rows are: of one part of its range first. */
import type { Band } from "../../../protocol/analysis-tables.ts";
import type { Example } from "../../data/dictionary-tables.ts";
import type { Item } from "../../data/item-table.ts";
import type { FirstSources } from "../view.ts";

export type ExampleOfItem = Example & {
  /** Null also while it belongs to another part of the range. */
  item: Item | null;
};

export async function readExamples(
  { tables, images, texts }: FirstSources,
  concept: number,
  band: Band,
): Promise<ExampleOfItem[]> {
  const examples = await tables.examples(concept);
  const read = async (wanted: readonly Example[]): Promise<Map<Example, Item>> => {
    const items = await Promise.all(
      [["image", images] as const, ["text", texts] as const].map(async ([modality, table]) => {
        const ofSide = wanted.filter((example) => example.modality === modality);
        if (ofSide.length === 0) return [];
        const rows = await table.read(ofSide.map(({ row }) => row));
        return ofSide.map((example, i) => [example, rows[i]!] as const);
      }),
    );
    return new Map(items.flat());
  };
  const items = await read(examples.filter((example) => example.band === band));
  // Another part is then there when it is chosen.
  void read(examples.filter((example) => example.band !== band)).catch(() => {});
  return examples.map((example) => ({ ...example, item: items.get(example) ?? null }));
}
