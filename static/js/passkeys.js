// Passkeys: a form with `data-passkey="make"` or `data-passkey="use"` asks the device and sends its answer. What is
// asked stands in `data-options`, or is fetched from `data-options-url` when the button is pressed. The button is hidden
// where the browser knows no passkeys, and without scripts: there is another way in beside it.

const toBytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
const toText = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function readable(options) {
  const { publicKey } = options;
  const listed = (list) => (list ?? []).map((one) => ({ ...one, id: toBytes(one.id) }));
  const read = { ...publicKey, challenge: toBytes(publicKey.challenge) };
  if (read.user) read.user = { ...read.user, id: toBytes(read.user.id) };
  if (read.excludeCredentials) read.excludeCredentials = listed(read.excludeCredentials);
  if (read.allowCredentials) read.allowCredentials = listed(read.allowCredentials);
  return { publicKey: read };
}

function writable(credential) {
  const { response } = credential;
  const told = { clientDataJSON: toText(response.clientDataJSON) };
  if (response.attestationObject) {
    told.attestationObject = toText(response.attestationObject);
    told.transports = response.getTransports?.() ?? [];
  } else {
    told.authenticatorData = toText(response.authenticatorData);
    told.signature = toText(response.signature);
    told.userHandle = response.userHandle ? toText(response.userHandle) : null;
  }
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: told,
  };
}

async function optionsOf(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const answer = await fetch(form.dataset.optionsUrl, { headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()).request_options;
}

// What was ticked beside, in another form of the same page, goes along: whether others use the device.
function takeAlong(form) {
  for (const box of document.querySelectorAll("[data-along]")) {
    form.querySelector(`input[type=hidden][name="${box.name}"]`)?.remove();
    if (!box.checked || box.form === form) continue;
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: box.name, value: "on" }));
  }
}

async function ask(form, button) {
  const place = form.querySelector("[data-passkey-said]");
  button.disabled = true;
  place.textContent = "";
  try {
    const options = readable(await optionsOf(form));
    const act = form.dataset.passkey === "make" ? "create" : "get";
    const credential = await navigator.credentials[act](options);
    form.elements.credential.value = JSON.stringify(writable(credential));
    takeAlong(form);
    form.submit();
  } catch {
    // Closed by the person, refused by the device, or no network: nothing has happened.
    place.textContent = form.dataset.failed;
    button.disabled = false;
  }
}

for (const form of "PublicKeyCredential" in self ? document.querySelectorAll("form[data-passkey]") : []) {
  const button = form.querySelector("button");
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(form, button);
  });
  // Coming back by the browser's own button finds the page as it was left.
  addEventListener("pageshow", () => { button.disabled = false; });
}

// A code that was scanned stands behind the # of the address: no server and no log has seen it.
const code = document.querySelector("input[data-code-from-address]");
if (code && location.hash.length > 1) {
  code.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
  code.form.querySelector("[data-next-field]")?.focus();
}
