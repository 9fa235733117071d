/** The few signs the explorer uses, drawn with the text's colour. */
import "./icon.css";
import type { JSX } from "preact";

const paths = {
  left: "M10 3.500 5.500 8l4.500 4.500",
  right: "M6 3.500 10.500 8 6 12.500",
  close: "m4 4 8 8m0-8-8 8",
  plus: "M8 3.500v9M3.500 8h9",
  minus: "M3.500 8h9",
  fit: "M3 6V3h3m4 0h3v3m0 4v3h-3m-4 0H3v-3",
  search: "M7 11.500a4.500 4.500 0 1 0 0-9 4.500 4.500 0 0 0 0 9Zm3.300-1.200L13.500 13.500",
  sun: "M8 10.800a2.800 2.800 0 1 0 0-5.600 2.800 2.800 0 0 0 0 5.600ZM8 1.500v1.400M8 13.100v1.400M1.500 8h1.400M13.100 8h1.400M3.400 3.400l1 1M11.600 11.600l1 1M3.400 12.600l1-1M11.600 4.400l1-1",
  moon: "M13.200 9.700A5.600 5.600 0 0 1 6.300 2.800a5.600 5.600 0 1 0 6.900 6.900Z",
  auto: "M8 13.500a5.500 5.500 0 1 0 0-11 5.500 5.500 0 0 0 0 11Zm0-11v11M8 5l4 1M8 8h5M8 11l4-.800",
  pictures: "M2.500 3.500h11v9h-11zM2.500 10.500l3-3 2.500 2.500 2-2 3.500 3.500M10.300 6.200h.010",
  expand: "M9.500 3h3.500v3.500M13 3 8.800 7.200M6.500 13H3V9.500M3 13l4.200-4.200",
  map: "M3 4.500 6.300 3l3.400 1.500L13 3v8.500L9.700 13l-3.400-1.500L3 13ZM6.300 3v8.500M9.700 4.500V13",
  more: "M3.600 8h.010M8 8h.010M12.400 8h.010",
  help: "M5.800 6.200a2.200 2.200 0 1 1 3.300 1.900c-.700.400-1.100.900-1.100 1.600M8 11.800h.010",
  download: "M8 2.500v7.500M4.800 7 8 10.200 11.200 7M3 13h10",
  pencil: "M3 13l.600-2.800L10.800 3l2.200 2.200-7.200 7.200L3 13ZM9.300 4.500l2.200 2.200",
  list: "M5.500 4h8M5.500 8h8M5.500 12h8M2.600 4h.010M2.600 8h.010M2.600 12h.010",
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
