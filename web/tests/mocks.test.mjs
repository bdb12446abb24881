// Run by tests/salon/test_client.py: the generated mocks in place of a server.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setupServer } from "msw/node";
import { attempt, createClient, customersFind, customersGet, customersUpdate } from "../salon/client/src/index.ts";
import { answering, refusing } from "../salon/client/src/mocks.ts";

const ada = { id: "1", name: "Ada", email: null, phone: null, notes: null, version: 1, created_at: "2026-01-01T00:00:00Z" };
const meta = { page: 1, limit: 20, total: 1, total_pages: 1 };

test("mocks give results, refusals and tags", async () => {
  const server = setupServer(
    answering(customersGet, ({ id }) => ({ ...ada, id })),
    answering(customersFind, ({ search }) => ({ data: [{ ...ada, name: search }], meta }), { invalidates: ["a b"] }),
    answering(customersUpdate, () => refusing("BIZ_STALE_VERSION", 409)),
  );
  server.listen({ onUnhandledRequest: "error" });
  const client = createClient({ origin: "http://salon.test" });

  const one = await attempt(client, customersGet, { id: "7" });
  const list = await attempt(client, customersFind, { search: "Eva" });
  const refused = await attempt(client, customersUpdate, { id: "7", name: "Ida" });

  assert.equal(one.ok && one.value.id, "7");
  assert.equal(list.ok && list.value.data[0]?.name, "Eva");
  assert.deepEqual(list.ok && list.answer.invalidates, ["a b"]);
  assert.equal(!refused.ok && refused.error.code, "BIZ_STALE_VERSION");
});
