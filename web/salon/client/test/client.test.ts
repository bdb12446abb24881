import assert from "node:assert/strict";
import { test } from "node:test";
import { QueryClient } from "@tanstack/react-query";
import { endlessOf, invalidate, keyOf, mutationOf, optimisticRow, optionsOf } from "../src/query.ts";
import {
  attempt,
  attemptAgain,
  call,
  createClient,
  type CursorMeta,
  listen,
  type Operation,
  type Page,
  Refusal,
} from "../src/runtime.ts";

interface Thing {
  id: string;
  name: string;
}

const find: Operation<{ search?: string; after?: string }, Page<Thing, CursorMeta>, Refusal<"FORBIDDEN", undefined>> = {
  name: "things.find",
  kind: "query",
  method: "GET",
  path: "/things",
  contract: "a1",
  query: { search: "search", after: "after" },
  body: false,
  keyed: false,
  paging: "cursor",
  tags: ["things"],
};
const rename: Operation<{ id: string; name: string }, Thing, Refusal<"NOT_FOUND", undefined>> = {
  name: "things.rename",
  kind: "mutation",
  method: "PATCH",
  path: "/things/{id}",
  contract: "b1",
  body: true,
  keyed: true,
  tags: [],
};
const unkeyed = { ...rename, keyed: false };
const problem = (code: string, status: number, headers: Record<string, string> = {}) =>
  Response.json({ code, status, detail: code, errors: {}, retryable: true, retry_after: null }, { status, headers });
const done = (data: unknown, headers: Record<string, string> = {}) => Response.json({ data }, { headers });

/** A client whose server gives these answers in turn, and what it was asked. */
function served(...answers: (() => Response)[]) {
  const asked: { url: string; init: RequestInit; headers: Headers }[] = [];
  const fetched = async (url: string | URL | Request, init: RequestInit = {}) => {
    asked.push({ url: String(url), init, headers: new Headers(init.headers) });
    init.signal?.throwIfAborted();
    const answer = answers[Math.min(asked.length, answers.length) - 1];
    if (answer === undefined) throw new TypeError("no network");
    return answer();
  };
  return { asked, client: createClient({ fetch: fetched as typeof fetch, token: "t", org: "o" }) };
}

test("members go where the action takes them from", async () => {
  const { asked, client } = served(() => done({ id: "a/b", name: "Ada" }));

  await call(client, rename, { id: "a/b", name: "Ada" });
  await call(client, find, { search: "50%" });

  assert.equal(asked[0]?.url, "/things/a%2Fb");
  assert.equal(asked[0]?.init.body, '{"name":"Ada"}');
  assert.equal(asked[1]?.url, "/things?search=50%25");
  assert.equal(asked[1]?.headers.get("authorization"), "Bearer t");
  assert.equal(asked[1]?.headers.get("x-org-id"), "o");
  assert.equal(asked[1]?.init.credentials, "omit");
});

test("a payload tried again has its key, another payload and what follows a success have new ones", async () => {
  const { asked, client } = served(
    () => problem("INTERNAL_ERROR", 500),
    () => problem("INTERNAL_ERROR", 500),
    () => done({}),
  );

  await attempt(client, rename, { id: "1", name: "Ada" });
  await attempt(client, rename, { id: "1", name: "Eva" });
  await attempt(client, rename, { name: "Ada", id: "1" });
  await attempt(client, rename, { id: "1", name: "Ada" });
  const keys = asked.map(({ headers }) => headers.get("idempotency-key"));

  assert.equal(keys[0], keys[2]);
  assert.equal(new Set(keys).size, 3);
});

test("what may not be done twice is tried once, what may be three times", async () => {
  const once = served(() => problem("INTERNAL_ERROR", 500));
  const thrice = served(() => problem("INTERNAL_ERROR", 500));

  await attemptAgain(once.client, unkeyed, { id: "1", name: "Ada" }, { base: 1 });
  await attemptAgain(thrice.client, rename, { id: "1", name: "Ada" }, { base: 1 });

  assert.equal(once.asked.length, 1);
  assert.equal(thrice.asked.length, 3);
  assert.equal(new Set(thrice.asked.map(({ headers }) => headers.get("idempotency-key"))).size, 1);
});

test("a server that says when is not asked before", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { asked, client } = served(
    () => problem("RATE_LIMIT_EXCEEDED", 429, { "retry-after": "7" }),
    () => Response.json({ data: [], meta: {} }),
  );

  const outcome = attemptAgain(client, find, {});
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  await new Promise(setImmediate);
  t.mock.timers.tick(6999);
  const before = asked.length;
  t.mock.timers.tick(1);

  assert.equal((await outcome).ok, true);
  assert.equal(before, 1);
  assert.equal(asked.length, 2);
});

test("an abort is fetch's own, and ends the waiting too", async () => {
  const aborted = AbortSignal.abort();
  const { client } = served(() => problem("INTERNAL_ERROR", 500));

  await assert.rejects(attempt(client, find, {}, { signal: aborted }), { name: "AbortError" });

  const later = new AbortController();
  const waiting = attemptAgain(client, find, {}, { signal: later.signal, base: 60_000 });
  setTimeout(() => later.abort(), 5);
  await assert.rejects(waiting, { name: "AbortError" });
});

test("no network, no JSON and another contract are refusals with codes of their own", async () => {
  const away = await attempt(served().client, find, {});
  const proxy = await attempt(served(() => new Response("<h1>Bad Gateway</h1>", { status: 502 })).client, find, {});
  const stale = await attempt(served(() => problem("NOT_FOUND", 404, { "x-contract": "none" })).client, find, {});

  assert.equal(!away.ok && away.error.code, "CLIENT_OFFLINE");
  assert.equal(!proxy.ok && proxy.error.code, "CLIENT_UNREADABLE");
  assert.equal(!stale.ok && stale.error.code, "CLIENT_STALE");
  assert.deepEqual(!stale.ok && stale.error.data, { known: "a1", served: "none" });
  assert.ok(!stale.ok && stale.error.cause instanceof Refusal);
});

test("an answer that was understood under another contract is given, and told of", async () => {
  const told: string[] = [];
  const { client } = served(() => done({ id: "1", name: "Ada" }, { "x-contract": "b2" }));
  const options = { ...client.options, onStale: (_: unknown, { served }: { served: string }) => told.push(served) };

  const thing = await call({ ...client, options }, rename, { id: "1", name: "Ada" });

  assert.equal(thing.name, "Ada");
  assert.deepEqual(told, ["b2"]);
});

test("what an answer names as stale is fetched anew, and nothing else", async () => {
  const { client } = served(() => Response.json({ data: [], meta: { limit: 20, after: null } }));
  const queries = new QueryClient();
  await queries.fetchQuery(optionsOf(client, find, {}));
  await queries.fetchQuery(optionsOf(client, { ...find, name: "others.find", tags: ["others"] }, {}));

  await invalidate(queries, ["things", "thing:1"]);

  assert.equal(queries.getQueryState(["things.find", {}])?.isInvalidated, true);
  assert.equal(queries.getQueryState(["others.find", {}])?.isInvalidated, false);
});

test("an expected change is shown at once, and a refusal takes it back", async () => {
  const row = { id: "1", name: "Ada" };
  const list = { data: [row], meta: { limit: 20, after: null } };
  const { client } = served(() => problem("NOT_FOUND", 404));
  const queries = new QueryClient();
  queries.setQueryData(keyOf(find, {}), list);
  const change = optimisticRow(find, (thing, input: { id: string; name: string }) => ({ ...thing, name: input.name }));
  const options = mutationOf(client, unkeyed, queries, [change]);
  const renaming = queries.getMutationCache().build(queries, options);

  const refused = assert.rejects(renaming.execute({ id: "1", name: "Eva" }), { code: "NOT_FOUND" });
  await new Promise(setImmediate);
  await refused;

  assert.deepEqual(queries.getQueryData(keyOf(find, {})), list);
});

test("a list by cursor goes on where the last page ended", async () => {
  const { asked, client } = served(
    () => Response.json({ data: [{ id: "1", name: "Ada" }], meta: { limit: 1, after: "c" } }),
    () => Response.json({ data: [{ id: "2", name: "Eva" }], meta: { limit: 1, after: null } }),
  );

  const read = await new QueryClient().fetchInfiniteQuery({ ...endlessOf(client, find, {}), pages: 3 });

  assert.deepEqual(read.pages.flatMap(({ data }) => data.map(({ name }) => name)), ["Ada", "Eva"]);
  assert.deepEqual(asked.map(({ url }) => url), ["/things", "/things?after=c"]);
});

const made: Operation<void, Thing, Refusal<"FORBIDDEN", undefined>> = {
  name: "things.made",
  kind: "subscription",
  method: "GET",
  path: "/things/made",
  contract: "c1",
  body: false,
  keyed: false,
  tags: [],
};
const streamed = (...pieces: string[]) => {
  const bytes = pieces.map((piece) => new TextEncoder().encode(piece));
  return () => new Response(ReadableStream.from(bytes));
};
const ready = (resumed: boolean) => `event: ready\ndata: {"resumed":${resumed}}\n\n`;
const told = (id: string) => `event: thing.made\nid: ${id}\ndata: {"id":"${id}","name":"Ädä"}\n\n`;

test("a subscription tells whole events, however they come, and goes on where its line was lost", async () => {
  const { asked, client } = served(
    streamed(`retry: 1\n${ready(false)}`, "event: thing.ma", told("b").slice(15), ": alive\n\nevent: cut"),
    streamed(ready(true), told("c"), "event: end\ndata: {}\n\n"),
  );
  let read = 0;

  const heard = await Array.fromAsync(listen(client, made, undefined, { readAgain: () => (read += 1) }));

  assert.deepEqual(heard.map(({ event, id, data }) => [event, id, data.name]), [
    ["thing.made", "b", "Ädä"],
    ["thing.made", "c", "Ädä"],
  ]);
  assert.deepEqual(asked.map(({ headers }) => headers.get("last-event-id")), [null, "b"]);
  assert.deepEqual(asked.map(({ headers }) => headers.get("accept")), ["text/event-stream", "text/event-stream"]);
  assert.deepEqual([asked[0]?.headers.get("authorization"), read], ["Bearer t", 1]);
});

test("a subscription that is refused throws why, at once or on its way; what passes is waited for", async () => {
  const busy = 'retry: 1\nevent: problem\ndata: {"code":"RATE_LIMIT_STREAMS","status":429,"retryable":true}\n\n';
  const gone = 'event: problem\ndata: {"code":"UNAUTHORIZED","status":401,"retryable":false,"detail":"Sign in."}\n\n';
  const refused = served(() => problem("FORBIDDEN", 403));
  const later = served(streamed(busy), () => problem("INTERNAL_ERROR", 500), streamed(told("b"), gone));

  await assert.rejects(listen(refused.client, made, undefined).next(), { code: "FORBIDDEN", status: 403 });
  const hearing = listen(later.client, made, undefined);

  assert.equal((await hearing.next()).value?.id, "b");
  await assert.rejects(hearing.next(), { code: "UNAUTHORIZED", status: 401 });
});

test("who leaves a subscription ends its request", async () => {
  const { asked, client } = served(streamed(told("b"), told("c")));

  for await (const _ of listen(client, made, undefined)) break;

  assert.equal(asked[0]?.init.signal?.aborted, true);
});
