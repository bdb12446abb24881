// Buttons that make or use a passkey: <button type="button" data-passkey="sign-in" data-then="/appointments" hidden>.
//
//   data-passkey   "sign-in", "sudo" (shows that it is still oneself) or "register"
//   data-then      where a success leads; the same page again, unless said otherwise
//   data-name      selector of the input that names a new passkey
//
// A button stays hidden where the browser knows no passkeys. What goes wrong is written into the element
// [data-passkey-message] of the button's form or section, whose data-failed is the text for what the browser refuses.
"use strict";

const API = "/api/auth";
const PATHS = { "sign-in": "/sign-in/passkey", sudo: "/sudo/passkey", register: "/passkeys" };
const BYTES = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];

class Refused extends Error {}

async function send(path, body = {}) {
  const answer = await fetch(API + path, {
    method: "POST",
    headers: { "content-type": "application/json", "accept-language": document.documentElement.lang },
    body: JSON.stringify(body),
  });
  const said = await answer.json();
  if (!answer.ok) throw new Refused(said.detail);
  return said.data;
}

function toBytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function toText(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function decoded(options) {
  const withBytes = (known) => ({ ...known, id: toBytes(known.id) });
  const publicKey = { ...options, challenge: toBytes(options.challenge) };
  if (options.user) publicKey.user = withBytes(options.user);
  for (const list of ["allowCredentials", "excludeCredentials"]) {
    if (options[list]) publicKey[list] = options[list].map(withBytes);
  }
  return { publicKey };
}

function encoded(credential) {
  const held = BYTES.filter((name) => credential.response[name]);
  const response = Object.fromEntries(held.map((name) => [name, toText(credential.response[name])]));
  return { id: credential.id, rawId: toText(credential.rawId), type: credential.type, response };
}

async function run(button) {
  const kind = button.dataset.passkey;
  const { options } = await send(PATHS[kind] + "/options");
  const ask = kind === "register" ? "create" : "get";
  const credential = encoded(await navigator.credentials[ask](decoded(options)));
  const name = document.querySelector(button.dataset.name || "[data-passkey-name]");
  await send(PATHS[kind], kind === "register" ? { credential, name: name?.value || "Passkey" } : { credential });
}

async function pressed(button) {
  const place = button.closest("form, section, main")?.querySelector("[data-passkey-message]");
  if (place) place.hidden = true;
  button.disabled = true;
  try {
    await run(button);
    window.location.assign(button.dataset.then || window.location.href);
  } catch (problem) {
    if (!place) throw problem;
    const own = place.dataset.failed || "This did not work. Please try again.";
    place.textContent = problem instanceof Refused ? problem.message : own;
    place.hidden = false;
  } finally {
    button.disabled = false;
  }
}

if (window.PublicKeyCredential) {
  for (const button of document.querySelectorAll("button[data-passkey]")) {
    button.hidden = false;
    button.addEventListener("click", () => pressed(button));
  }
}
