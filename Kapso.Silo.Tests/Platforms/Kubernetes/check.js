// node check.js kapso.yaml: says what Kubernetes' schemas have against each document of the file; exit code 1 where there is anything.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { loadAll } from "js-yaml";

const require = createRequire(import.meta.url);

// The schemas let unknown members pass, as the API server does not: what their code never asks for is unknown to them.
function watched(value, path, asked) {
  if (value === null || typeof value !== "object") return value;
  return new Proxy(value, {
    get(target, name) {
      if (typeof name === "symbol") return target[name];
      asked.add(`${path}/${name}`);
      return watched(target[name], `${path}/${name}`, asked);
    },
  });
}

function* paths(value, path) {
  if (value === null || typeof value !== "object") return;
  for (const name of Object.keys(value)) {
    yield `${path}/${name}`;
    yield* paths(value[name], `${path}/${name}`);
  }
}

function faults(document) {
  const { apiVersion, kind } = document;
  let validate;
  try {
    const model = require(`kubernetes-models/${apiVersion}/${kind}`);
    validate = (value) => model[kind].prototype.validate.call(value);
  } catch {
    return [`There is no ${kind} in ${apiVersion}.`];
  }

  const asked = new Set();
  const found = [];
  try {
    validate(watched(document, "", asked));
  } catch (error) {
    found.push(error.message);
  }

  return [...found, ...[...paths(document, "")].filter((path) => !asked.has(path)).map((path) => `${path} is unknown.`)];
}

let count = 0;
for (const document of loadAll(readFileSync(process.argv[2], "utf8"))) {
  for (const fault of faults(document)) {
    console.log(`${document.kind} ${document.metadata?.name}: ${fault}`);
    count++;
  }
}

process.exit(count > 0 ? 1 : 0);
