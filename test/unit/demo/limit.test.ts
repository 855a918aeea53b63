import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { startEndpoint } from "../../../src/demo/endpoint.ts";
import { SlidingSecond } from "../../../src/demo/limiter.ts";
import { call } from "./client.ts";

const noon = Date.UTC(2025, 2, 27, 12);

describe("demo endpoint: the limit", () => {
  it("lets exactly 15 through in any second and says how long to wait", () => {
    const limit = new SlidingSecond(15);
    for (let index = 0; index < 15; index++) assert.equal(limit.take(noon + index * 10), 0);
    assert.equal(limit.take(noon + 200), 800);
    assert.equal(limit.take(noon + 999), 1);
    assert.equal(limit.take(noon + 1000), 0, "the first call is a second old");
    assert.equal(limit.take(noon + 1000), 10, "the second one is not");
  });

  it("agrees with counting, whatever the arrivals", () => {
    const arrivals = fc.array(fc.nat({ max: 400 }), { minLength: 1, maxLength: 120 });
    fc.assert(
      fc.property(arrivals, fc.integer({ min: 1, max: 15 }), (gaps, perSecond) => {
        const limit = new SlidingSecond(perSecond);
        const passed: number[] = [];
        let now = noon;
        for (const gap of gaps) {
          now += gap;
          const counted = (moment: number) => passed.filter((at) => at > moment - 1000).length;
          const free = counted(now) < perSecond;
          const wait = limit.take(now);
          assert.equal(wait === 0, free);
          if (free) passed.push(now);
          else assert.deepEqual([counted(now + wait - 1), counted(now + wait) < perSecond], [perSecond, true]);
        }
      }),
    );
  });

  it("does not block the account when the clock is set back", () => {
    const limit = new SlidingSecond(1);
    assert.equal(limit.take(noon), 0);
    assert.equal(limit.take(noon - 3_600_000), 0);
  });

  it("is one for all keys and actions, answered as Throttling.User with x-acs-retry-after in ms", async (t) => {
    let now = noon;
    const endpoint = await startEndpoint({ now: () => now });
    t.after(() => endpoint.close());
    const other = { url: endpoint.url, ...endpoint.control.issueKey(60) };
    const list = { MediaId: "m", JobType: "ai" };
    for (let index = 0; index < 15; index++) {
      const options = { date: now, action: "ListJobInfo" };
      assert.equal((await call(index % 2 ? endpoint : other, list, options)).status, 200);
      now += 20;
    }
    const refused = await call(endpoint, { JobId: "any", JobType: "ai" }, { date: now });
    assert.deepEqual([refused.status, refused.body.Code], [400, "Throttling.User"]);
    assert.equal(refused.headers["x-acs-retry-after"], "700");
    now += 699;
    assert.equal((await call(endpoint, list, { date: now, action: "ListJobInfo" })).status, 400);
    now += 1;
    assert.equal((await call(endpoint, list, { date: now, action: "ListJobInfo" })).status, 200);
  });

  it("is not used up by calls that are not authentic", async (t) => {
    const endpoint = await startEndpoint({ now: () => noon, limits: { perSecond: 1 } });
    t.after(() => endpoint.close());
    const stranger = { ...endpoint, accessKeySecret: "guessed" };
    for (let index = 0; index < 5; index++) {
      assert.equal((await call(stranger, {}, { date: noon })).body.Code, "SignatureDoesNotMatch");
    }
    const options = { date: noon, action: "ListJobInfo" };
    assert.equal((await call(endpoint, { MediaId: "m", JobType: "ai" }, options)).status, 200);
  });
});
