// A client generated from the document: it compiles under --strict, logs in, creates, reads, changes on a condition,
// and meets a typed problem. Arguments: the service's address, the file of the sample accounts.
import { readFileSync } from "node:fs";
import createClient from "openapi-fetch";
import type { components, operations, paths } from "./api.js";

type Problem = components["schemas"]["Problem"];

// A report is written without what has a default.
type Report = operations["draft_submission"]["requestBody"]["content"]["application/json"];
export const report: Report = { secret: false, values: [{ indicator: "CCHC-12", state: "none_arose" }] };

interface Account {
  username: string;
  password: string;
  roles: string[];
}

const [baseUrl, file] = process.argv.slice(2) as [string, string];
const accounts = JSON.parse(readFileSync(file, "utf8")) as Account[];

function must<T>(value: T | undefined, problem?: Problem): T {
  if (value === undefined) throw new Error(`refused: ${JSON.stringify(problem)}`);
  return value;
}

async function main(): Promise<void> {
  const client = createClient<paths>({ baseUrl });

  const { username, password } = must(accounts.find((account) => account.roles.includes("locality_admin")));
  const login = await client.POST("/api/v1/auth/login", { body: { username, password } });
  const token: string = must(login.data, login.error).access_token;
  client.use({
    onRequest({ request }) {
      request.headers.set("Authorization", `Bearer ${token}`);
      return request;
    },
  });

  const unit = { path: { unit: "to-client" } };
  const created = await client.PUT("/api/v1/units/{unit}", {
    params: { ...unit, header: { "If-None-Match": "*" } },
    body: { name: "Tổ thử", kind: "division", valid_from: "2025-07-01" },
  });
  must(created.data, created.error);

  const read = await client.GET("/api/v1/units/{unit}", { params: unit });
  const etag = read.response.headers.get("etag") ?? "";
  if (must(read.data, read.error).name !== "Tổ thử") throw new Error("another unit was read");

  const changed = await client.PATCH("/api/v1/units/{unit}", {
    params: { ...unit, header: { "If-Match": etag } },
    body: { name: "Tổ mới" },
  });
  must(changed.data, changed.error);

  const stale = await client.PATCH("/api/v1/units/{unit}", {
    params: { ...unit, header: { "If-Match": etag } },
    body: { name: "Tổ cũ" },
  });
  const problem: Problem = must(stale.error);
  if (problem.code !== "precondition_failed") throw new Error(`another problem: ${problem.code}`);
  console.log("the generated client logged in, created, read, changed, and met a typed problem");
}

await main();
