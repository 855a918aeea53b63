/**
 * The refusals of the service: Code → HTTP status and Message. Sources: vod-facts §4, the Error codes page of the VOD
 * reference for what the product itself refuses, and the common codes of the API gateway for the rest.
 */
const documented = {
  IncompleteSignature: [400, "The request signature does not conform to Aliyun standards."],
  "InvalidAccessKeyId.NotFound": [404, "Specified access key is not found."],
  "InvalidAccessKeyId.Inactive": [400, "Specified access key is disabled."],
  "InvalidAction.NotFound": [404, "Specified api is not found, please check your url and method."],
  InvalidBearerToken: [400, "Specified bearer token is not valid."],
  InvalidParameter: [400, "The specified parameter is not valid."],
  "InvalidSecurityToken.Expired": [400, "Specified SecurityToken is expired."],
  "InvalidSecurityToken.Malformed": [400, "Specified SecurityToken is malformed."],
  "InvalidSecurityToken.MismatchWithAccessKey": [400, "Specified SecurityToken mismatch with the AccessKey."],
  "InvalidTimeStamp.Expired": [400, "Specified time stamp or date value is expired."],
  "InvalidTimeStamp.Format": [400, "Specified time stamp or date value is not well formatted."],
  InvalidVersion: [400, "Specified parameter Version is not valid."],
  "Forbidden.RAM": [403, "User not authorized to operate on the specified resource, or this API doesn't support RAM."],
  "Forbidden.Host": [403, "This endpoint answers on the loopback interface only."],
  InternalError: [500, "The request processing has failed due to some unknown error."],
  MissingParameter: [400, "The input parameter that is mandatory for processing this request is not supplied."],
  MissingSecurityToken: [400, "SecurityToken is mandatory for this action."],
  MissingSignatureNonce: [400, "SignatureNonce is mandatory for this action."],
  NoSuchResource: [404, "The specified resource does not exist."],
  OperationDenied: [403, "Your account does not open VOD service yet."],
  "OperationDenied.Suspended": [403, "Your VOD service is suspended."],
  ServiceUnAvailable: [503, "The request has failed due to a temporary failure of the server."],
  SignatureDoesNotMatch: [400, "Specified signature does not match our calculation."],
  SignatureNonceUsed: [400, "Specified signature nonce was used already."],
  // All three statuses were seen with throttling: a client must decide on the Code.
  Throttling: [429, "Request was denied due to request throttling."],
  "Throttling.Api": [503, "Request was denied due to api flow control."],
  "Throttling.User": [400, "Request was denied due to user flow control."],
  UnsupportedHTTPMethod: [403, "This http method not supported."],
  UnsupportedParameter: [400, "The parameter is not supported."],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type RefusalCode = keyof typeof documented;

/** A call that the service answers with an error. */
export class Refusal extends Error {
  readonly code: string;
  readonly status: number;
  /** Milliseconds, sent as `x-acs-retry-after`. */
  readonly retryAfter?: number;
  /** Further fields of the body. */
  readonly details?: object;

  /** A code that is not in the table needs its own status and message, else it is a 400. */
  constructor(
    code: RefusalCode | (string & {}),
    facts: { status?: number; message?: string; retryAfter?: number; details?: object } = {},
  ) {
    const [status, message] = documented[code as RefusalCode] ?? [400, "The request was refused."];
    super(facts.message ?? message);
    this.code = code;
    this.status = facts.status ?? status;
    this.retryAfter = facts.retryAfter;
    this.details = facts.details;
  }

  /** The body: `{RequestId, HostId, Code, Message, Recommend}` and what belongs to the code. */
  body(requestId: string, hostId: string): object {
    return {
      RequestId: requestId,
      HostId: hostId,
      Code: this.code,
      Message: this.message,
      Recommend: `https://api.aliyun.com/troubleshoot?q=${encodeURIComponent(this.code)}&product=vod&requestId=${requestId}`,
      ...this.details,
    };
  }
}

/** A parameter that is mandatory and was not sent. */
export function missingParameter(name: string): Refusal {
  const message = `The input parameter "${name}" that is mandatory for processing this request is not supplied.`;
  return new Refusal("MissingParameter", { message });
}

/** A parameter whose value is none that the action takes. */
export function invalidParameter(name: string): Refusal {
  return new Refusal("InvalidParameter", { message: `The specified parameter "${name}" is not valid.` });
}
