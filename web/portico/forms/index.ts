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

// A browser heeds `autofocus` while it loads a page, and complains of it afterwards: what comes in place has none.
const FIRST = "data-first";
document.addEventListener("htmx:before:swap", (event) => {
  const { tasks } = (event as CustomEvent<{ tasks: { fragment?: ParentNode }[] }>).detail;
  for (const { fragment } of tasks) {
    for (const element of fragment?.querySelectorAll("[autofocus]") ?? []) {
      element.removeAttribute("autofocus");
      element.setAttribute(FIRST, "");
    }
  }
});

// A page that came in place begins where a loaded one does: at what is wrong, else a reader's next key goes to its content.
document.addEventListener("htmx:after:swap", (event) => {
  const { target } = (event as CustomEvent<{ ctx: { target: unknown } }>).detail.ctx;
  const first = document.querySelector<HTMLElement>(`[${FIRST}]`);
  if (first) {
    first.removeAttribute(FIRST);
    first.focus();
  } else if (target === document.body || target === "body") {
    document.querySelector<HTMLElement>("main")?.focus();
  }
});
