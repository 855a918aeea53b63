import { type EndpointOptions, startEndpoint } from "../../../src/demo/endpoint.ts";
import type { DemoJob } from "../../../src/demo/job.ts";

export const noon = Date.UTC(2025, 2, 27, 12);

/** A job that never changes, and the parameters that ask for it. */
export const known: DemoJob = {
  name: "t",
  type: "ai",
  id: "known",
  title: "t",
  tracked: false,
  answer: () => ({ JobId: "known" }),
};
export const asked = { JobId: "known", JobType: "ai" };

/** An endpoint with that job, a still clock and no limit, for one test. */
export async function endpointFor(t: { after(stop: () => Promise<void>): void }, options: EndpointOptions = {}) {
  const endpoint = await startEndpoint({
    now: () => noon,
    catalogue: [known],
    limits: { perSecond: null },
    ...options,
  });
  t.after(() => endpoint.close());
  return endpoint;
}
