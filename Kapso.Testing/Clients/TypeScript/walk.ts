// From the link to the welcome, by a client whose types are made of the OpenAPI document.
import createClient from "openapi-fetch";
import type { paths } from "./kapso.js";

const [address, key, project] = process.argv.slice(2);
if (!address || !key || !project)
  throw new Error("Call it with the service's address, a management key and the project's id.");

const kapso = createClient<paths>({ baseUrl: address, headers: { Authorization: `Bearer ${key}` } });
const customer = await kapso.POST("/api/projects/{project_id}/customers", {
  params: { path: { project_id: project } },
  body: { external_id: "own-id-of-typescript", name: "Customer of TypeScript", tags: { plan: "pro", trial: null } },
});
if (!customer.data)
  throw new Error(customer.error.detail ?? customer.response.statusText);

const path = { project_id: project, customer_id: customer.data.customer_id };
const link = await kapso.POST("/api/projects/{project_id}/customers/{customer_id}/setup_links", {
  params: { path },
  body: { language: "en" },
});
if (!link.data?.url)
  throw new Error(link.error?.detail ?? "The link has no address.");

// What the customer does in a browser.
await fetch(`${link.data.url}/connect`, {
  method: "POST",
  headers: { Origin: new URL(link.data.url).origin },
  body: new URLSearchParams({ name: "Customer of TypeScript", number: "" }),
  redirect: "manual",
});

for (;;) {
  const { data, error } = await kapso.GET("/api/projects/{project_id}/customers/{customer_id}/connection", { params: { path } });
  if (!data)
    throw new Error(error.detail ?? "The connection was not shown.");
  const number = data.numbers[0];
  if (data.status === "connected" && number?.welcome?.status === "done") {
    console.log(`${data.external_id} ${data.tags["plan"]} ${data.status} ${number.welcome.status}`);
    break;
  }
  await new Promise(resolve => setTimeout(resolve, 100));
}
