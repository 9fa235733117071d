/** How many pictures and captions are searched, said and chosen. */
import type { JSX } from "preact";
import { useExplorer } from "../../explorer-context.ts";
import type { InterventionSession } from "../../intervention/intervention-session.ts";
import { searchedChoices } from "../../intervention/searched-choices.ts";
import { valueOf } from "../../stores/loadable.ts";
import { count } from "../../widgets/number-text.ts";
import { Skeleton } from "../../widgets/skeleton.tsx";

export function SearchedChoice({ session }: { session: InterventionSession }): JSX.Element {
  const explorer = useExplorer();
  const opened = valueOf(session.opened.value);
  if (opened === null) {
    return (
      <p class="intervene-note" aria-busy="true">
        <Skeleton width="60%" />
      </p>
    );
  }
  const { searched, meansOfAll, engine } = opened;
  const most = searchedChoices.filter((_, i) => i === 0 || searchedChoices[i - 1]! < searched.ofImages);
  return (
    <p class="intervene-note">
      Searched: {count(searched.images)} of {count(searched.ofImages)} pictures that have captions
      {searched.images < searched.ofImages && ", drawn at random"}, and {count(searched.texts)} captions of
      theirs.{" "}
      {most.length > 1 && (
        <label>
          At most{" "}
          <select
            value={most.findLast((choice) => choice <= searched.most)}
            onChange={(event) =>
              explorer.navigate({ searched: Number(event.currentTarget.value) }, "replace")
            }
          >
            {most.map((choice) => (
              <option key={choice} value={choice}>
                {choice >= searched.ofImages ? `all ${count(searched.ofImages)}` : count(choice)} pictures
              </option>
            ))}
          </select>
        </label>
      )}{" "}
      The gap is over {meansOfAll ? "all rows of the set" : "the searched rows"}, everything else over the
      searched ones. Computed in this page ({engine}).
    </p>
  );
}
