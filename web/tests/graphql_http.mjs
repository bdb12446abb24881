// The audits of GraphQL over HTTP, before the server at the address given; prints what came of each as JSON.
import { auditServer } from "graphql-http";

const [url] = process.argv.slice(2);
const results = await auditServer({ url });
const told = results.map(({ id, name, status, reason }) => ({ id, name, status, reason: reason ?? "" }));
console.log(JSON.stringify(told));
