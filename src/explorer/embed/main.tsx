/** Starts the page of one concept. It stores nothing: in a frame of another site it may not. */
import "../styles/theme.css";
import "../styles/base.css";
import { effect, signal } from "@preact/signals";
import { render } from "preact";
import { httpSource } from "../data/http-source.ts";
import { modalityGradient, type Theme } from "../map/modality-colours.ts";
import { parseEmbedAddress } from "./embed-address.ts";
import { EmbeddedConcept } from "./embedded-concept.tsx";

const darkSystem = window.matchMedia("(prefers-color-scheme: dark)");
const address = signal(parseEmbedAddress(location.hash));
const systemIsDark = signal(darkSystem.matches);
darkSystem.addEventListener("change", () => (systemIsDark.value = darkSystem.matches));
window.addEventListener("hashchange", () => (address.value = parseEmbedAddress(location.hash)));

effect(() => {
  const theme: Theme = address.value.theme ?? (systemIsDark.value ? "dark" : "light");
  const page = document.documentElement;
  page.dataset["theme"] = theme;
  page.style.setProperty("--modality-scale", modalityGradient(theme));
});

const source = httpSource("data/", (path, init) => fetch(path, init));
const page = document.getElementById("app")!;
page.replaceChildren();
render(<EmbeddedConcept source={source} address={address} />, page);
