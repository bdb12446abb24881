// Checked by tests/salon/test_client.py, and never run: what a caller may write, and what the types refuse.
import { useCustomersFind, useCustomersFindEndless, useCustomersUpdate } from "../salon/client/src/hooks.ts";
import * as salon from "../salon/client/src/index.ts";

export async function read(client: salon.Client): Promise<string> {
  const outcome = await salon.attempt(client, salon.appointmentsCreate, {
    customer_id: "c",
    service_id: "s",
    scheduled_at: "2030-05-17T10:00:00Z",
  });
  if (outcome.ok) return outcome.value.status satisfies salon.Appointment["status"];
  switch (outcome.error.code) {
    case "CLIENT_STALE":
      return outcome.error.data.served;
    case "RATE_LIMIT_EXCEEDED":
      return String(outcome.error.retryAfter);
    // @ts-expect-error: no policy of this action refuses so
    case "BIZ_CUSTOMER_HAS_APPOINTMENTS":
      return "";
    default:
      return outcome.error.detail;
  }
}

export async function miswritten(client: salon.Client): Promise<void> {
  // @ts-expect-error: a customer needs a name
  await salon.call(client, salon.customersCreate, { email: "ada@example.com" });
  // @ts-expect-error: a text is no number
  await salon.call(client, salon.customersFind, { page: "2" });
  // @ts-expect-error: there is no such member
  await salon.call(client, salon.customersFind, { sought: "Ada" });
}

export function Hooked(): unknown {
  const found = useCustomersFind({ search: "Ada" });
  const endless = useCustomersFindEndless({});
  const update = useCustomersUpdate();
  if (found.error?.code === "AUTH_NO_ORGANIZATION") return found.error.detail;
  // @ts-expect-error: a list of customers cannot be refused with this
  if (found.error?.code === "BIZ_STALE_VERSION") return null;
  if (update.error?.code === "BIZ_STALE_VERSION") return update.error.retryable;
  const rows: readonly salon.Customer[] | undefined = endless.data?.pages.flatMap(({ data }) => data);
  return rows ?? found.data?.meta.total_pages.toFixed();
}
