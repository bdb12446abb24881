// GraphiQL on the address that it is shown at.
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import "graphiql/style.css";
import { createRoot } from "react-dom/client";
import "./graphiql.css";

const QUERY = "# Sign in, or write an Authorization header below.\n{\n  me {\n    name\n  }\n}\n";
const HEADERS = JSON.stringify({ "X-Org-Id": "" }, null, 2);
const place = document.querySelector("#graphiql");
if (place) {
  const fetcher = createGraphiQLFetcher({ url: location.pathname });
  const page = (
    <GraphiQL fetcher={fetcher} defaultQuery={QUERY} defaultHeaders={HEADERS} shouldPersistHeaders={false} />
  );
  createRoot(place).render(page);
}
