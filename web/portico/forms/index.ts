// Forms that carry hx-post are sent in place; what comes back is the form with its errors, or where to go.
import htmx from "htmx.org";

// No markup may bring code along, whatever a page's Content-Security-Policy says.
function refuse(): never {
  throw new Error("Markup runs no code here; write a module in web/.");
}
htmx.registerExtension("portico", {
  init: (api: { initSecurity: (policy: undefined, sync: unknown, async: unknown) => void }) =>
    api.initSecurity(undefined, refuse, refuse),
});
htmx.config.includeIndicatorCSS = false;

// A page that came in place begins where a loaded one does: a reader's next key goes to its content.
document.addEventListener("htmx:after:swap", (event) => {
  const { target } = (event as CustomEvent<{ ctx: { target: unknown } }>).detail.ctx;
  if ((target === document.body || target === "body") && !document.activeElement?.matches("[autofocus]")) {
    document.querySelector<HTMLElement>("main")?.focus();
  }
});
