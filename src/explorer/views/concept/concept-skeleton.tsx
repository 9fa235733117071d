/** The page of a concept before anything of it has arrived. */
import type { JSX } from "preact";
import { Skeleton } from "../../widgets/skeleton.tsx";

export function ConceptSkeleton(): JSX.Element {
  return (
    <div class="concept-page concept-arriving" aria-busy="true">
      <header class="concept-header">
        <Skeleton width="320px" height="20px" />
      </header>
      <div class="concept-body">
        <div class="concept-examples">
          <ExamplesSkeleton />
        </div>
        <div class="concept-facts">
          <Skeleton shape="box" height="200px" />
        </div>
      </div>
    </div>
  );
}

export function ExamplesSkeleton(): JSX.Element {
  return (
    <div aria-hidden="true">
      <ul class="pictures">
        {Array.from({ length: 12 }, (_, i) => (
          <li key={i} class="picture picture-tile">
            <Skeleton shape="box" />
          </li>
        ))}
      </ul>
      <ul class="captions">
        {Array.from({ length: 8 }, (_, i) => (
          <li key={i}>
            <Skeleton />
            <Skeleton width={`${40 + ((i * 29) % 45)}%`} />
          </li>
        ))}
      </ul>
    </div>
  );
}
