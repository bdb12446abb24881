// GraphiQL on the address that it is shown at.
import { createGraphiQLFetcher, type Fetcher, type FetcherParams } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import "graphiql/style.css";
import { getOperationAST, parse } from "graphql";
import { type ClientOptions, createClient } from "graphql-sse";
import { createRoot } from "react-dom/client";
import "./graphiql.css";

const QUERY = "# Sign in, or write an Authorization header below.\n{\n  me {\n    name\n  }\n}\n";
const HEADERS = JSON.stringify({ "X-Org-Id": "" }, null, 2);
const url = location.pathname;
const ask = createGraphiQLFetcher({ url });

// Subscriptions are told over server-sent events: they need no other address, and headers go with them.
const fetcher: Fetcher = (params, options) => {
  if (!listens(params)) return ask(params, options);
  const headers = options?.headers as ClientOptions["headers"];
  const asked = { ...params, operationName: params.operationName ?? undefined };
  return createClient({ url, headers, retryAttempts: 0 }).iterate(asked);
};

// The page's own reading of the document comes some moments after it was written.
function listens({ query, operationName }: FetcherParams): boolean {
  try {
    return getOperationAST(parse(query), operationName)?.operation === "subscription";
  } catch {
    return false; // the server tells what is wrong with it
  }
}

const place = document.querySelector("#graphiql");
if (place) {
  const page = (
    <GraphiQL fetcher={fetcher} defaultQuery={QUERY} defaultHeaders={HEADERS} shouldPersistHeaders={false} />
  );
  createRoot(place).render(page);
}
