/** Answers in place of a server, for tests with MSW: `setupServer(answering(list, () => page))`. */
import { http, type HttpHandler, HttpResponse } from "msw";
import { type Operation, Refusal } from "./runtime.ts";

export interface MockOptions {
  /** Where the client believes the server to be; every origin unless said. */
  readonly origin?: string;
  /** The tags that the answer makes stale. */
  readonly invalidates?: readonly string[];
  /** The server's contract, to try what a stale client does. */
  readonly contract?: string;
}

/** An action's answer: its result, or a refusal that is returned or thrown. */
export function answering<Input, Result, Failure>(
  operation: Operation<Input, Result, Failure>,
  answer: (input: Input) => Result | Failure | Promise<Result | Failure>,
  { origin = "*", invalidates = [], contract = operation.contract }: MockOptions = {},
): HttpHandler {
  const path = `${origin}${operation.path.replace(/\{(\w+)\}/g, ":$1")}`;
  const method = operation.method.toLowerCase() as Lowercase<typeof operation.method>;
  return http[method](path, async ({ request, params }) => {
    const stale = invalidates.map(encodeURIComponent).join(", ");
    const headers = { "x-contract": contract, "x-request-id": "mock", invalidates: stale };
    const given = await inputOf(operation, request, params);
    const answered = await Promise.resolve(given as Input).then(answer).catch((thrown: unknown) => thrown);
    if (answered instanceof Refusal) {
      return HttpResponse.json(problemOf(answered), { status: answered.status, headers });
    }
    if (answered instanceof Error) throw answered;
    const body = operation.paging ? (answered as object) : { data: answered };
    return HttpResponse.json(body, { headers });
  });
}

/** A refusal for a mock to answer: `refusing("NOT_FOUND", 404)`. */
export function refusing<Code extends string>(
  code: Code,
  status: number,
  detail: string = code,
): Refusal<Code, undefined> {
  const facts = { errors: {}, retryable: false, retryAfter: null, requestId: "mock", data: undefined };
  return new Refusal(code, { ...facts, status, detail });
}

/** The input as the client's caller wrote it; what came by the address is text. */
async function inputOf(
  operation: Operation<never, unknown, unknown>,
  request: Request,
  params: Readonly<Record<string, string | readonly string[] | undefined>>,
): Promise<Record<string, unknown>> {
  const input: Record<string, unknown> = operation.body ? ((await request.json()) as Record<string, unknown>) : {};
  const { searchParams } = new URL(request.url);
  for (const [name, wire] of Object.entries(operation.query ?? {})) {
    const found = searchParams.getAll(wire);
    if (found.length > 0) input[name] = found.length > 1 ? found : found[0];
  }
  return { ...input, ...params };
}

function problemOf({ code, status, detail, errors, retryable, retryAfter, requestId, data }: Refusal): object {
  return { code, status, detail, errors, retryable, retry_after: retryAfter, request_id: requestId, data };
}
