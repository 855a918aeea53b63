import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import { call, type Sent, send } from "./client.ts";
import { asked, endpointFor, noon } from "./endpoint.ts";

describe("demo endpoint: who is let in", () => {
  it("accepts GET and POST, parameters in the query or in a form", async (t) => {
    const endpoint = await endpointFor(t);
    for (const options of [{ method: "GET" }, { method: "POST" }, { method: "POST", form: true }]) {
      const { status, body } = await call(endpoint, asked, { date: noon, ...options });
      assert.deepEqual([status, body.JobType, body.AIJobDetail], [200, "ai", { JobId: "known" }]);
    }
  });

  it("accepts any parameter value that is encoded by RFC 3986", async (t) => {
    const endpoint = await endpointFor(t);
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme", minLength: 1 }), fc.boolean(), async (id, form) => {
        const { body } = await call(endpoint, { ...asked, JobId: id }, { date: noon, form });
        assert.equal(body.Code, "NoSuchResource");
        assert.match(body.Message, /does not exist/);
        assert.equal(endpoint.calls.at(-1)?.id, id);
      }),
      { numRuns: 40 },
    );
  });

  it("notices when anything that was signed is changed on the way", async (t) => {
    const endpoint = await endpointFor(t);
    const header = (name: string, value: string) => (sent: Sent) => {
      sent.headers[name] = value;
    };
    const path = (before: string | RegExp, after: string) => (sent: Sent) => {
      sent.path = sent.path.replace(before, after);
    };
    const changes: Record<string, (sent: Sent) => void> = {
      value: path("known", "other"),
      "further parameter": path(/$/, "&Format=JSON"),
      action: header("x-acs-action", "ListJobInfo"),
      nonce: header("x-acs-signature-nonce", "another"),
      host: header("host", "localhost"),
      date: header("x-acs-date", "2025-03-27T12:00:01Z"),
      body: (sent) => {
        sent.body = "JobId=other";
      },
      "body and its hash": (sent) => {
        sent.body = "JobId=other";
        sent.headers["x-acs-content-sha256"] = createHash("sha256").update(sent.body).digest("hex");
      },
    };
    for (const [what, tamper] of Object.entries(changes)) {
      const { status, body } = await call(endpoint, asked, { date: noon, tamper });
      assert.deepEqual([status, body.Code], [400, "SignatureDoesNotMatch"], what);
    }
    const more = { date: noon, headers: { "x-acs-extra": "1" } };
    assert.equal((await call(endpoint, asked, more)).status, 200, "a further signed header is welcome");
  });

  it("takes the hash of the body itself and believes no header", async (t) => {
    const endpoint = await endpointFor(t);
    for (const hash of ["0".repeat(64), undefined]) {
      const { body } = await call(endpoint, asked, { date: noon, headers: { "x-acs-content-sha256": hash } });
      assert.equal(body.Code, "SignatureDoesNotMatch");
    }
  });

  it("wants every x-acs header, host and content-type signed", async (t) => {
    const endpoint = await endpointFor(t);
    const { status, body } = await call(endpoint, asked, {
      date: noon,
      tamper: (sent) => {
        sent.headers["x-acs-unsigned"] = "1";
      },
    });
    assert.deepEqual([status, body.Code], [400, "IncompleteSignature"]);
  });

  it("wants the signed headers in order", async (t) => {
    const endpoint = await endpointFor(t);
    const form = /SignedHeaders=([^,]+),Signature=(.+)$/;
    const { body } = await call(endpoint, asked, {
      date: noon,
      // Signed as listed, but listed backward: consistent with itself, and wrong.
      tamper: (sent) => {
        const [, names = ""] = form.exec(sent.headers.authorization ?? "") ?? [];
        const backward = names.split(";").reverse();
        const lines = backward.map((name) => `${name}:${sent.headers[name]}\n`).join("");
        const query = sent.path.slice(2);
        const hash = sent.headers["x-acs-content-sha256"];
        const canonical = `POST\n/\n${query}\n${lines}\n${backward.join(";")}\n${hash}`;
        const digest = createHash("sha256").update(canonical).digest("hex");
        const signature = createHmac("sha256", endpoint.accessKeySecret)
          .update(`ACS3-HMAC-SHA256\n${digest}`)
          .digest("hex");
        sent.headers.authorization = `ACS3-HMAC-SHA256 Credential=${endpoint.accessKeyId},SignedHeaders=${backward.join(";")},Signature=${signature}`;
      },
    });
    assert.equal(body.Code, "SignatureDoesNotMatch");
  });

  it("does not take a plus sign for what was signed as one", async (t) => {
    const endpoint = await endpointFor(t);
    const { body } = await call(
      endpoint,
      { ...asked, JobId: "a+b" },
      {
        date: noon,
        tamper: (sent) => {
          sent.path = sent.path.replace("%2B", "+");
        },
      },
    );
    assert.equal(body.Code, "SignatureDoesNotMatch");
  });

  it("sorts by name, not by the whole pair", async (t) => {
    const endpoint = await endpointFor(t);
    // As texts, "A-b=1" comes before "A=1"; by name it comes after.
    const { body } = await call(endpoint, { "A-b": "1", A: "1" }, { date: noon });
    assert.equal(body.Code, "UnsupportedParameter", "the signature is accepted");
  });

  it("accepts a bearer token and a temporary key", async (t) => {
    const endpoint = await endpointFor(t);
    const temporary = { ...endpoint.control.issueKey(60), url: endpoint.url };
    assert.equal((await call(temporary, asked, { date: noon })).status, 200);
    const bearer = endpoint.control.issueBearerToken();
    const asBearer = (token: string, search: string) =>
      send(new URL(endpoint.url), "POST", `/?JobId=known&JobType=ai${search}`, {
        "x-acs-action": "GetJobDetail",
        "x-acs-version": "2017-03-21",
        "x-acs-date": "2025-03-27T12:00:00Z",
        "x-acs-signature-nonce": `${token}${search}`,
        "x-acs-bearer-token": token,
      });
    assert.equal((await asBearer(bearer, "&SignatureType=BEARERTOKEN")).status, 200);
    assert.equal((await asBearer(bearer, "")).body.Code, "InvalidBearerToken");
    assert.equal((await asBearer(`${bearer}x`, "&SignatureType=BEARERTOKEN")).body.Code, "InvalidBearerToken");
  });

  it("makes a new key at every start", async (t) => {
    const [one, other] = [await endpointFor(t), await endpointFor(t)];
    assert.notEqual(one.accessKeyId, other.accessKeyId);
    assert.notEqual(one.accessKeySecret, other.accessKeySecret);
    assert.match(one.accessKeyId, /^LTAI5t[A-Za-z0-9]{18}$/);
    assert.match(one.accessKeySecret, /^[A-Za-z0-9]{30}$/);
  });
});
