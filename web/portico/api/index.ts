// The API page: Swagger UI on the document of the version that the address names.
import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js";
import "swagger-ui-dist/swagger-ui.css";
import "./api.css";
import { completed, type Contract, cookie, madeKey, part, relaxed } from "./contract.ts";

type Read = (contract: Contract, place: readonly string[], options?: object) => unknown;

const place = document.querySelector<HTMLElement>("#api");
if (place) void show(place);

async function show(place: HTMLElement): Promise<void> {
  const links = [...document.querySelectorAll<HTMLAnchorElement>("a[data-document]")];
  const named = new URLSearchParams(location.search).get("version");
  const shown = links.find((link) => link.dataset.version === named) ?? links.find((link) => link.ariaCurrent);
  for (const link of links) link.ariaCurrent = link === shown ? "page" : null;
  if (!shown) return;
  const address = new URL(shown.dataset.document ?? "", location.href);
  const answer = await fetch(address);
  if (answer.ok) draw(place, (await answer.json()) as Contract, new URL("../..", address).pathname);
  else place.textContent = `${address.pathname} could not be read: the server answered ${answer.status}.`;
}

function draw(place: HTMLElement, contract: Contract, root: string): void {
  place.textContent = "";
  SwaggerUI({
    domNode: place,
    spec: relaxed(contract, root.replace(/(.)\/$/, "$1")),
    deepLinking: true,
    docExpansion: "none",
    defaultModelsExpandDepth: -1,
    displayRequestDuration: true,
    filter: true,
    validatorUrl: null,
    plugins: [reading],
    requestInterceptor: (request) => completed(request, filled(), madeKey),
  });
}

/** Each operation is read with what it needs of the document, not with all of it. */
const reading = {
  afterLoad({ fn }: { fn: { resolveSubtree: Read } }): void {
    const read = fn.resolveSubtree;
    fn.resolveSubtree = (contract, place, options) => read(part(contract, place), place, options);
  },
};

function filled() {
  const value = (id: string) => document.querySelector<HTMLInputElement>(`#${id}`)?.value.trim() ?? "";
  return { org: value("org"), key: value("key"), token: cookie(document.cookie, "csrf-token") };
}
