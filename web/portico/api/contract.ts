// The document as this page uses it, and requests as it sends them. No browser is needed here, so that Node can test it.

export interface Parameter {
  readonly in?: string;
  readonly name?: string;
  required?: boolean;
}

export interface Contract {
  servers?: { url: string }[];
  readonly paths?: Record<string, Record<string, { parameters?: Parameter[] }>>;
  readonly components?: Record<string, Record<string, unknown>>;
}

export interface Sent {
  method?: string;
  url: string;
  headers?: Record<string, string>;
}

/** What is filled in once for all requests. */
export interface Filled {
  readonly org: string;
  readonly key: string;
  /** The cookie that older browsers repeat in a header. */
  readonly token: string;
}

export const ORG = "X-Org-Id";
export const KEY = "Idempotency-Key";
const READS = new Set(["GET", "HEAD", "OPTIONS"]);
const FILLED = new Set([ORG, KEY].map((name) => name.toLowerCase()));

/** Requests go to where the page is from, and what the page fills in by itself is not demanded of each form. */
export function relaxed(contract: Contract, root: string): Contract {
  contract.servers = [{ url: root }];
  for (const operation of Object.values(contract.paths ?? {}).flatMap((path) => Object.values(path))) {
    for (const parameter of operation.parameters ?? []) {
      if (parameter.in === "header" && FILLED.has(parameter.name?.toLowerCase() ?? "")) parameter.required = false;
    }
  }
  return contract;
}

/** The request with what the page fills in, where nobody has said otherwise. */
export function completed<R extends Sent>(request: R, filled: Filled, makeKey: () => string): R {
  const headers: Record<string, string> = { ...request.headers };
  const known = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const add = (name: string, value: string) => {
    if (value && !known.has(name.toLowerCase())) headers[name] = value;
  };
  add(ORG, filled.org);
  if (!READS.has((request.method ?? "GET").toUpperCase())) {
    add(KEY, filled.key || makeKey());
    add("X-CSRF-Token", filled.token);
  }
  request.headers = headers;
  return request;
}

/** A cookie of this page's. */
export function cookie(written: string, name: string): string {
  const found = written.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found ? found.slice(name.length + 1) : "";
}

/** 128 random bits, also where the page is not from a secure context. */
export function madeKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What is needed of a document to read one place of it: Swagger UI reads all that it is given, at each operation. */
export function part(contract: Contract, [kind = "", name = ""]: readonly string[]): Contract {
  const { paths = {}, components = {}, ...rest } = contract;
  const place = kind === "paths" ? paths[name] : kind === "components" ? components[name] : undefined;
  if (!place) return contract;
  const needed: Record<string, Record<string, unknown>> = { securitySchemes: { ...components.securitySchemes } };
  if (kind === "components") needed[name] = { ...components[name] };
  const open: unknown[] = [place];
  while (open.length) {
    for (const [group, wanted] of references(open.pop())) {
      const known = (needed[group] ??= {});
      const found = wanted in known ? undefined : components[group]?.[wanted];
      if (found === undefined) continue;
      known[wanted] = found;
      open.push(found);
    }
  }
  return { ...rest, paths: kind === "paths" ? { [name]: paths[name] ?? {} } : {}, components: needed };
}

/** The components that a value refers to, each as its group and its name. */
function references(value: unknown): [string, string][] {
  const told = JSON.stringify(value).matchAll(/"#\/components\/([\w.-]+)\/([\w.-]+)/g);
  return [...told].map(([, group = "", name = ""]) => [group, name]);
}
