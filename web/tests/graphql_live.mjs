// The clients that others use, on the address, token and organization given: what each hears of a subscription, as JSON.
// Each result is a line on standard output.
import { createClient as overEvents } from "graphql-sse";
import { createClient as overSocket } from "graphql-ws";

const [url, token, org, query, many, over] = process.argv.slice(2);
const headers = { Authorization: `Bearer ${token}`, "X-Org-Id": org };

// Granian cannot answer which subprotocol it speaks: who asks for none is not bothered by that.
class Unnamed extends WebSocket {
  constructor(address) {
    super(address);
  }
}

const socket = { url: url.replace("http", "ws"), connectionParams: headers, retryAttempts: 0 };
const client = {
  events: () => overEvents({ url, headers, retryAttempts: 0 }),
  socket: () => overSocket(socket),
  unnamed: () => overSocket({ ...socket, webSocketImpl: Unnamed }),
}[over]();
const heard = [];
for await (const result of client.iterate({ query })) {
  heard.push(result);
  console.log(JSON.stringify(result));
  if (heard.length === Number(many)) break;
}
client.dispose();
