// What the API page makes of a document and of requests.
import assert from "node:assert/strict";
import { test } from "node:test";
import { completed, cookie, madeKey, part, relaxed } from "../portico/api/contract.ts";

const NOTHING = { org: "", key: "", token: "" };
const FILLED = { org: "o1", key: "k1", token: "t1" };
const fresh = () => "fresh";

test("requests go to where the page is from, and no form demands what the page fills in", () => {
  const parameters = [
    { in: "header", name: "Idempotency-Key", required: true },
    { in: "header", name: "If-Match", required: true },
    { in: "query", name: "x-org-id", required: true },
  ];

  const made = relaxed({ servers: [{ url: "https://elsewhere.example" }], paths: { "/a": { post: { parameters }, get: {} } } }, "/sub");

  assert.deepEqual(made.servers, [{ url: "/sub" }]);
  assert.deepEqual(parameters.map((parameter) => parameter.required), [false, true, true]);
});

test("a request that reads is given the organization alone", () => {
  assert.deepEqual(completed({ url: "/a" }, FILLED, fresh).headers, { "X-Org-Id": "o1" });
  assert.deepEqual(completed({ url: "/a", method: "get" }, NOTHING, fresh).headers, {});
});

test("a request that writes is given a key of its own, unless one is fixed", () => {
  const headers = (filled) => completed({ url: "/a", method: "POST" }, filled, fresh).headers;

  assert.deepEqual(headers(NOTHING), { "Idempotency-Key": "fresh" });
  assert.deepEqual(headers(FILLED), { "X-Org-Id": "o1", "Idempotency-Key": "k1", "X-CSRF-Token": "t1" });
});

test("what somebody has written for one request stays", () => {
  const written = { "x-org-id": "mine", "idempotency-key": "mine" };

  const made = completed({ url: "/a", method: "PATCH", headers: written }, { ...FILLED, token: "" }, fresh);

  assert.deepEqual(made.headers, written);
});

test("a cookie is found by its whole name", () => {
  assert.equal(cookie("a=1; csrf-token=abc; b=2", "csrf-token"), "abc");
  assert.equal(cookie("x-csrf-token=abc", "csrf-token"), "");
});

test("no two keys are the same", () => {
  assert.match(madeKey(), /^[0-9a-f]{32}$/);
  assert.notEqual(madeKey(), madeKey());
});

const ref = (name) => ({ $ref: `#/components/schemas/${name}` });
const CONTRACT = {
  openapi: "3.1.0",
  paths: { "/a": { post: { answer: ref("A") } }, "/b": { get: { answer: ref("Other") } } },
  components: {
    schemas: { A: { of: ref("B") }, B: { again: ref("A"), gone: ref("Nowhere") }, Other: {} },
    responses: { Refused: {} },
    securitySchemes: { bearer: {} },
  },
};

test("an operation is read with what it refers to, however far", () => {
  const { A, B } = CONTRACT.components.schemas;

  const { openapi, paths, components } = part(CONTRACT, ["paths", "/a", "post"]);

  assert.deepEqual([openapi, Object.keys(paths)], ["3.1.0", ["/a"]]);
  assert.deepEqual(components, { schemas: { A, B }, securitySchemes: { bearer: {} } });
});

test("so is a group of components", () => {
  assert.deepEqual(part(CONTRACT, ["components", "securitySchemes"]).components, { securitySchemes: { bearer: {} } });
  assert.deepEqual(part(CONTRACT, ["components", "schemas", "A"]).components.schemas, CONTRACT.components.schemas);
});

test("what is read elsewhere is read with all of the document", () => {
  assert.equal(part(CONTRACT, ["webhooks", "sold"]), CONTRACT);
  assert.equal(part(CONTRACT, ["paths", "/nowhere"]), CONTRACT);
  assert.equal(part(CONTRACT, []), CONTRACT);
});
