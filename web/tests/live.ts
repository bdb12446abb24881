// Run by tests/salon/test_client.py: the generated client against a running server; it says as JSON what it saw.
import { QueryClient } from "@tanstack/react-query";
import * as salon from "../salon/client/src/index.ts";
import { mutationOf, optionsOf } from "../salon/client/src/query.ts";

declare const process: { argv: string[]; stdout: { write: (text: string) => void } };
const [origin, token, org] = process.argv.slice(2) as [string, string, string];
const client = salon.createClient({ origin, token, org });
const codeOf = (outcome: salon.Outcome<unknown, salon.Refusal>) => (outcome.ok ? "ok" : outcome.error.code);

const key = crypto.randomUUID();
const ada = await salon.attempt(client, salon.customersCreate, { name: "Ada Lang" }, { key });
const again = await salon.attempt(client, salon.customersCreate, { name: "Ada Lang" }, { key });
const other = await salon.attempt(client, salon.customersCreate, { name: "Eva Lang" }, { key });
const wrong = await salon.attempt(client, salon.customersCreate, { name: "", email: "no" });
const nobody = await salon.attempt(salon.createClient({ origin }), salon.customersFind, {});
const missing = await salon.attempt(client, salon.customersGet, { id: crypto.randomUUID() });
if (!ada.ok || !again.ok) throw new Error("a customer could not be created");

const stale = { ...salon.customersGet, contract: "of-yesterday" };
const moved = { ...salon.customersGet, path: "/api/v1/clients/{id}" };
const told: string[] = [];
const watching = salon.createClient({ origin, token, org, onStale: (_, { known }) => told.push(known) });
const understood = await salon.attempt(watching, stale, { id: ada.value.id });

const queries = new QueryClient();
const listed = optionsOf(client, salon.customersFind, { search: "Lang" });
const staff = optionsOf(client, salon.staffFind, {});
const before = await queries.fetchQuery(listed);
await queries.fetchQuery(staff);
const creating = queries.getMutationCache().build(queries, mutationOf(client, salon.customersCreate, queries));
await creating.execute({ name: "Ida Lang" });
const dropped = [listed, staff].map(({ queryKey }) => queries.getQueryState(queryKey)?.isInvalidated);
const after = await queries.fetchQuery({ ...listed, staleTime: 0 });

const [offered] = (await salon.call(client, salon.servicesFind, {})).data;
const [barber] = (await salon.call(client, salon.staffFind, {})).data;
const visit = { service_id: offered?.id ?? "", staff_id: barber?.id ?? "", scheduled_at: "2031-01-06T10:00:00Z" };
const heard: string[] = [];
let booked = Promise.resolve("");
const book = async () => (await salon.call(client, salon.appointmentsCreate, { ...visit, customer_id: eva.id })).id;
const eva = await salon.call(client, salon.customersCreate, { name: "Eva Lang" });
const listening = salon.listen(client, salon.appointmentsLive, {}, { readAgain: () => (booked = book()) });
for await (const { event, data } of listening) {
  heard.push(event, data.appointment.id);
  break;
}
const elsewhere = salon.listen(salon.createClient({ origin }), salon.appointmentsLive, {});
const refused = await elsewhere.next().catch((problem: salon.Refusal) => problem.code);

const gone = await salon.attempt(client, salon.customersDelete, { id: ada.value.id });
const seen = {
  replayed: [ada.answer.replayed, again.answer.replayed, ada.value.id === again.value.id],
  codes: [other, wrong, nobody, missing].map((outcome) => codeOf(outcome as salon.Outcome<unknown, salon.Refusal>)),
  fields: wrong.ok ? {} : wrong.error.errors,
  invalidates: ada.answer.invalidates,
  stale: [
    codeOf((await salon.attempt(client, stale, { id: crypto.randomUUID() })) as salon.Outcome<unknown, salon.Refusal>),
    codeOf((await salon.attempt(client, moved, { id: ada.value.id })) as salon.Outcome<unknown, salon.Refusal>),
  ],
  understood: [understood.ok, told],
  dropped,
  names: [before.data.map(({ name }) => name), after.data.map(({ name }) => name)],
  heard: [heard[0], heard[1] === (await booked), refused],
  gone: gone.ok && gone.value.success,
};
process.stdout.write(JSON.stringify(seen));
