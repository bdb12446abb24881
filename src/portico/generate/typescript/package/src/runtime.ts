/** What every generated action stands on: one call over fetch, typed refusals, idempotency keys, retries. */

export type Kind = "query" | "mutation" | "subscription";

/** What the registry says of one action. The type parameters are never values: they tie the call's types to it. */
export interface Operation<Input, Result, Failure> {
  readonly name: string;
  readonly kind: Kind;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Such as `/api/v1/customers/{id}`. */
  readonly path: string;
  /** The fingerprint of inputs, answers and refusals that this client was made for. */
  readonly contract: string;
  /** Members of the input that go elsewhere than into the body, and their names there. */
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether the rest of the input is sent as JSON. */
  readonly body: boolean;
  /** Whether it takes an Idempotency-Key. */
  readonly keyed: boolean;
  /** Whether a list has a cursor or page numbers. */
  readonly paging?: "cursor" | "pages";
  /** What a cached answer of it is known by: templates of the input. */
  readonly tags: readonly string[];
  readonly types?: (input: Input) => { result: Result; failure: Failure };
}

/** Any action, whatever its types. */
export type AnyOperation = Operation<never, unknown, unknown>;

/** One reason why a member of the input was refused. */
export interface FieldProblem {
  /** Stable, such as `VAL_REQUIRED_FIELD`. */
  readonly code: string;
  /** For people, in their language. */
  readonly message: string;
}

export type FieldProblems = Readonly<Record<string, readonly FieldProblem[]>>;

/** What a refusal knows beside its code. */
export interface Facts<Data> {
  readonly status: number;
  /** For people, in their language. */
  readonly detail: string;
  /** Findings by the dotted path of the input member. */
  readonly errors: FieldProblems;
  readonly retryable: boolean;
  /** Seconds until another try makes sense. */
  readonly retryAfter: number | null;
  /** Names the request in the server's log. */
  readonly requestId: string;
  readonly data: Data;
}

/** A refusal, told apart by its `code`; `data` is what this code adds. */
export class Refusal<Code extends string = string, Data = unknown> extends Error implements Facts<Data> {
  readonly code: Code;
  readonly status: number;
  readonly detail: string;
  readonly errors: FieldProblems;
  readonly retryable: boolean;
  readonly retryAfter: number | null;
  readonly requestId: string;
  readonly data: Data;

  constructor(code: Code, facts: Facts<Data>, options?: ErrorOptions) {
    super(facts.detail, options);
    this.name = "Refusal";
    this.code = code;
    this.status = facts.status;
    this.detail = facts.detail;
    this.errors = facts.errors;
    this.retryable = facts.retryable;
    this.retryAfter = facts.retryAfter;
    this.requestId = facts.requestId;
    this.data = facts.data;
  }
}

/** The contract of an action as this client and the server know it. */
export interface Contracts {
  readonly known: string;
  /** `none`: the server has no such action any more. */
  readonly served: string;
}

/** What can go wrong before or beside the server's own answer. */
export type ClientRefusal =
  /** No answer came: no network, or nobody listens. */
  | Refusal<"CLIENT_OFFLINE", undefined>
  /** The server has another contract of this action: load the page anew. */
  | Refusal<"CLIENT_STALE", Contracts>
  /** Something between here and the server answered, such as a proxy. */
  | Refusal<"CLIENT_UNREADABLE", undefined>;

/** What came of a call: a value, or a refusal that is told apart by its code. */
export type Outcome<Result, Failure> =
  | { readonly ok: true; readonly value: Result; readonly answer: Answer }
  | { readonly ok: false; readonly error: Failure | ClientRefusal };

/** What an answer says beside its value. */
export interface Answer {
  readonly status: number;
  readonly requestId: string;
  /** Whether it is the stored answer of an earlier call under the same key. */
  readonly replayed: boolean;
  /** The tags that the call made stale. */
  readonly invalidates: readonly string[];
  readonly headers: Headers;
}

export interface NumberedMeta {
  readonly page: number;
  readonly limit: number;
  readonly total: number;
  readonly total_pages: number;
}

export interface CursorMeta {
  readonly limit: number | null;
  /** The cursor of the next page; null on the last one. */
  readonly after: string | null;
}

/** A page of a list. */
export interface Page<Row, Meta extends NumberedMeta | CursorMeta> {
  readonly data: readonly Row[];
  readonly meta: Meta;
}

/** What an action answers that has nothing to tell. */
export interface Done {
  readonly success: true;
}

export interface ClientOptions {
  /** Where the server is, such as `https://api.example.com`; nothing means the page's own origin. */
  readonly origin?: string;
  /** The organization that calls are made in; nothing means the session's. */
  readonly org?: string;
  /** A bearer token or an API key, or what gives it; nothing means the browser's cookies. */
  readonly token?: string | (() => string | Promise<string>);
  /** Whether cookies go along; `same-origin` unless said otherwise, `omit` with a token. */
  readonly credentials?: RequestCredentials;
  readonly language?: string;
  /** Stands in for fetch, as in tests. */
  readonly fetch?: typeof fetch;
  /** Told when an answer shows that the server has another contract, though it was understood. */
  readonly onStale?: (operation: AnyOperation, contracts: Contracts) => void;
}

export interface CallOptions {
  /** Ends the call; fetch's own AbortError is thrown then. */
  readonly signal?: AbortSignal;
  /** Instead of the key that the client makes. */
  readonly key?: string;
  /** Instead of the client's organization. */
  readonly org?: string;
}

/** Makes calls; one for an application, or one for each organization. */
export interface Client {
  readonly options: ClientOptions;
  readonly keys: Keys;
}

export function createClient(options: ClientOptions = {}): Client {
  return { options, keys: new Keys() };
}

/** Call an action, and get what came of it; only an abort is thrown. */
export async function attempt<Input, Result, Failure>(
  client: Client,
  operation: Operation<Input, Result, Failure>,
  input: Input,
  options: CallOptions = {},
): Promise<Outcome<Result, Failure>> {
  const key = operation.keyed ? (options.key ?? client.keys.of(operation.name, input)) : undefined;
  const { url, init } = await requestOf(client, operation, input, { ...options, key });
  let response: Response;
  let body: unknown;
  try {
    response = await (client.options.fetch ?? fetch)(url, init);
    body = await bodyOf(response);
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    return { ok: false, error: offline(cause) };
  }
  const served = response.headers.get("x-contract");
  const contracts = served && served !== operation.contract ? { known: operation.contract, served } : null;
  if (response.ok && isObject(body) && "data" in body) {
    client.keys.forget(operation.name, input);
    if (contracts) client.options.onStale?.(operation, contracts);
    const value = (operation.paging ? body : body["data"]) as Result;
    return { ok: true, value, answer: answerOf(response) };
  }
  if (!isObject(body) || typeof body["code"] !== "string") return { ok: false, error: unreadable(response) };
  const refusal = refusalOf(body["code"], body, response);
  return { ok: false, error: contracts ? stale(contracts, refusal) : (refusal as Failure) };
}

/** Call an action; gives its value, and throws its refusal: `Refusal`, told apart by `code`. */
export async function call<Input, Result, Failure>(
  client: Client,
  operation: Operation<Input, Result, Failure>,
  input: Input,
  options: CallOptions = {},
): Promise<Result> {
  const outcome = await attempt(client, operation, input, options);
  if (!outcome.ok) throw outcome.error;
  return outcome.value;
}

/** What a subscription tells: an event by its name, and the id by which it goes on from here. */
export interface Told<Value> {
  readonly event: string;
  readonly id: string;
  readonly data: Value;
}

export interface ListenOptions extends Omit<CallOptions, "key"> {
  /** Told whenever something may have been missed, at the beginning too: read again what is shown. */
  readonly readAgain?: () => void;
  /** The id of the last event that is known already, to go on after it. */
  readonly after?: string;
}

/**
 * Listen to a subscription: `for await (const { data } of listen(client, ordersLive, {})) …`.
 *
 * A line that is lost is opened again, and what was missed is told. It ends with the subscription, with the loop
 * that is left, or with the signal; a refusal that does not pass by itself is thrown.
 */
export async function* listen<Input, Value, Failure>(
  client: Client,
  operation: Operation<Input, Value, Failure>,
  input: Input,
  options: ListenOptions = {},
): AsyncGenerator<Told<Value>, void, undefined> {
  const left = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, left.signal]) : left.signal;
  const known = { id: options.after ?? "", wait: COMES_BACK };
  try {
    while (!signal.aborted) {
      for await (const told of line(client, operation, input, { ...options, signal }, known)) {
        if (told.event === "end") return;
        const data: unknown = JSON.parse(told.data);
        if (told.event === "ready" || told.event === "resync") {
          if (!isObject(data) || data["resumed"] !== true) options.readAgain?.();
        } else if (told.event === "problem") {
          const refusal = refusalOf(String((data as { code: unknown }).code), data as Record<string, unknown>);
          if (!refusal.retryable) throw refusal;
        } else {
          yield { event: told.event, id: told.id, data: data as Value };
        }
      }
      await pause(known.wait, signal).catch(() => undefined);
    }
  } finally {
    left.abort();
  }
}

/** Milliseconds until a lost line is opened again, unless the server says another time. */
const COMES_BACK = 3000;

/** One line's events, to its end; throws what was refused. */
async function* line<Input>(
  client: Client,
  operation: AnyOperation,
  input: Input,
  options: ListenOptions,
  known: { id: string; wait: number },
): AsyncGenerator<Told<string>, void, undefined> {
  const { url, init } = await requestOf(client, operation, input, { ...options, key: undefined });
  const headers = new Headers(init.headers);
  headers.set("accept", "text/event-stream");
  if (known.id) headers.set("last-event-id", known.id);
  try {
    const response = await (client.options.fetch ?? fetch)(url, { ...init, headers });
    if (!response.ok || response.body === null) {
      if (response.status === 429 || response.status >= 500) return; // it passes: come back
      const body = await bodyOf(response);
      const told = isObject(body) && typeof body["code"] === "string";
      throw told ? refusalOf(String(body["code"]), body, response) : unreadable(response);
    }
    yield* eventsOf(response.body, known);
  } catch (cause) {
    if (cause instanceof Refusal) throw cause;
    // The line is lost, or its listener is gone: the caller knows which.
  }
}

/** Server-sent events, as their bytes come: an event is whole with the empty line after it. */
async function* eventsOf(
  body: ReadableStream<Uint8Array>,
  known: { id: string; wait: number },
): AsyncGenerator<Told<string>, void, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  try {
    let rest = "";
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      const frames = (rest + decoder.decode(piece.value, { stream: true })).split("\n\n");
      rest = frames.pop() ?? "";
      for (const frame of frames) {
        const fields = new Map<string, string>();
        for (const [, name = "", value = ""] of frame.matchAll(FIELD)) {
          fields.set(name, fields.has(name) ? `${fields.get(name)}\n${value}` : value);
        }
        known.id = fields.get("id") ?? known.id;
        known.wait = Number(fields.get("retry") ?? known.wait);
        const data = fields.get("data");
        if (data !== undefined) yield { event: fields.get("event") ?? "message", id: known.id, data };
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

const FIELD = /^(id|event|data|retry): ?(.*)$/gm;

/** Idempotency keys: the same payload tried again has the same key, another payload or a new intention a new one. */
export class Keys {
  readonly #held = new Map<string, string>();

  /** The key of this payload until a call with it succeeds. */
  of(name: string, input: unknown): string {
    const spelled = spelling(name, input);
    const key = this.#held.get(spelled) ?? crypto.randomUUID();
    this.#held.delete(spelled);
    this.#held.set(spelled, key);
    if (this.#held.size > MOST_KEYS) this.#held.delete(this.#held.keys().next().value ?? "");
    return key;
  }

  /** What comes next with this payload is meant anew. */
  forget(name: string, input: unknown): void {
    this.#held.delete(spelling(name, input));
  }
}

const MOST_KEYS = 100;

/** Whether a failed call may be made again: nothing was done, or its key sees to it that nothing is done twice. */
export function mayRetry(operation: AnyOperation, error: unknown): boolean {
  if (operation.kind !== "query" && !operation.keyed) return false;
  if (!(error instanceof Refusal)) return false;
  return (
    error.code === "CLIENT_OFFLINE" ||
    error.code === "IDEMPOTENCY_IN_PROGRESS" ||
    error.status === 429 ||
    error.status >= 500
  );
}

export interface RetryOptions extends CallOptions {
  /** How often it is tried in all; 3 unless said otherwise. */
  readonly attempts?: number;
  /** Milliseconds before the second attempt, doubled for each after it; 1,000 unless said otherwise. */
  readonly base?: number;
}

/** Milliseconds to wait: what the server asked for, else full jitter over a doubled base of at most 30 s. */
export function retryDelay(failures: number, error: unknown, base = 1000): number {
  if (error instanceof Refusal && error.retryAfter !== null) return error.retryAfter * 1000;
  return Math.random() * Math.min(30_000, base * 2 ** failures);
}

/** `attempt`, again where that helps and does no harm; a mutation without an idempotency key is tried once. */
export async function attemptAgain<Input, Result, Failure>(
  client: Client,
  operation: Operation<Input, Result, Failure>,
  input: Input,
  { attempts = 3, base, ...options }: RetryOptions = {},
): Promise<Outcome<Result, Failure>> {
  for (let failures = 0; ; failures += 1) {
    const outcome = await attempt(client, operation, input, options);
    if (outcome.ok || failures + 1 >= attempts || !mayRetry(operation, outcome.error)) return outcome;
    await pause(retryDelay(failures, outcome.error, base), options.signal);
  }
}

/** The tags of an action's answer, filled in from its input. */
export function tagsOf(operation: AnyOperation, input: unknown): string[] {
  const members = isObject(input) ? input : {};
  return operation.tags.map((tag) => tag.replace(PLACE, (_, name: string) => String(members[name] ?? "")));
}

const PLACE = /\{(\w+)\}/g;

async function requestOf(
  { options }: Client,
  operation: AnyOperation,
  input: unknown,
  call: Omit<CallOptions, "key"> & { key: string | undefined },
): Promise<{ url: string; init: RequestInit }> {
  const rest = new Map(Object.entries(isObject(input) ? input : {}));
  const take = (name: string): unknown => {
    const value = rest.get(name);
    rest.delete(name);
    return value;
  };
  const path = operation.path.replace(PLACE, (_, name: string) => encodeURIComponent(String(take(name))));
  const query = new URLSearchParams();
  for (const [name, wire] of Object.entries(operation.query ?? {})) {
    for (const value of [take(name)].flat()) {
      if (value !== undefined && value !== null) query.append(wire, String(value));
    }
  }
  const headers = new Headers({ accept: "application/json", "x-contract": operation.contract });
  for (const [name, wire] of Object.entries(operation.headers ?? {})) {
    const value = take(name);
    if (value !== undefined && value !== null) headers.set(wire, String(value));
  }
  await authenticate(headers, options, operation);
  const org = call.org ?? options.org;
  if (org) headers.set("x-org-id", org);
  if (options.language) headers.set("accept-language", options.language);
  if (call.key) headers.set("idempotency-key", call.key);
  if (operation.body) headers.set("content-type", "application/json");
  const search = query.size > 0 ? `?${query}` : "";
  const init: RequestInit = {
    method: operation.method,
    headers,
    credentials: options.credentials ?? (options.token ? "omit" : "same-origin"),
    body: operation.body ? JSON.stringify(Object.fromEntries(rest)) : null,
    signal: call.signal ?? null,
  };
  return { url: `${options.origin ?? ""}${path}${search}`, init };
}

/** A token where there is one; else the browser's cookies, with what shows that the page is the application's own. */
async function authenticate(headers: Headers, options: ClientOptions, operation: AnyOperation): Promise<void> {
  if (options.token) {
    const token = typeof options.token === "string" ? options.token : await options.token();
    headers.set("authorization", `Bearer ${token}`);
  } else if (operation.method !== "GET" && typeof document !== "undefined") {
    const token = /(?:^|;\s*)csrf-token=([^;]*)/.exec(document.cookie)?.[1];
    if (token) headers.set("x-csrf-token", decodeURIComponent(token));
  }
}

async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function answerOf({ status, headers }: Response): Answer {
  const tags = headers.get("invalidates");
  return {
    status,
    headers,
    requestId: headers.get("x-request-id") ?? "",
    replayed: headers.get("idempotent-replayed") === "true",
    invalidates: tags ? tags.split(",").map((tag) => decodeURIComponent(tag.trim())) : [],
  };
}

function refusalOf(code: string, body: Readonly<Record<string, unknown>>, response?: Response): Refusal {
  const after = body["retry_after"] ?? response?.headers.get("retry-after") ?? null;
  return new Refusal(code, {
    status: response?.status ?? Number(body["status"]),
    detail: String(body["detail"] ?? code),
    errors: (body["errors"] ?? {}) as FieldProblems,
    retryable: body["retryable"] === true,
    retryAfter: after === null ? null : Number(after),
    requestId: String(body["request_id"] ?? ""),
    data: body["data"],
  });
}

const QUIET = { errors: {}, retryable: true, retryAfter: null, requestId: "", data: undefined } as const;

function offline(cause: unknown): ClientRefusal {
  const detail = "The server cannot be reached. Please check your connection and try again.";
  return new Refusal("CLIENT_OFFLINE", { ...QUIET, status: 0, detail }, { cause });
}

function unreadable(response: Response): ClientRefusal {
  const detail = "The answer could not be read. Please try again.";
  const requestId = response.headers.get("x-request-id") ?? "";
  return new Refusal("CLIENT_UNREADABLE", { ...QUIET, status: response.status, detail, requestId });
}

function stale(data: Contracts, cause: Refusal): ClientRefusal {
  const detail = "There is a new version. Please load the page again.";
  const { status, requestId } = cause;
  return new Refusal("CLIENT_STALE", { ...QUIET, retryable: false, status, detail, requestId, data }, { cause });
}

function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const ended = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", ended);
      resolve();
    }, milliseconds);
    if (signal?.aborted) ended();
    signal?.addEventListener("abort", ended, { once: true });
  });
}

/** The same text for the same payload, in whatever order its members were written. */
function spelling(name: string, input: unknown): string {
  const sorted = (_: string, value: unknown): unknown =>
    isObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;
  return `${name} ${JSON.stringify(input, sorted)}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
