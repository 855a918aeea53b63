/** Puts itself in place of `workflow/embedded.ts` for what is imported after this, and counts what it decodes. */
import { registerHooks } from "node:module";
import * as embedded from "../../src/workflow/embedded.ts";

/** The texts that were decoded, in order. */
export const decoded: string[] = [];

export const { parseLoosely, plainJson, memberTexts } = embedded;

export const parseEmbedded: typeof embedded.parseEmbedded = (text) => {
  decoded.push(text);
  return embedded.parseEmbedded(text);
};

export const decodeJson: typeof embedded.decodeJson = (text, limits) => {
  decoded.push(text);
  return embedded.decodeJson(text, limits);
};

registerHooks({
  resolve: (specifier, context, next) =>
    specifier.endsWith("/embedded.ts") && context.parentURL !== import.meta.url
      ? { url: import.meta.url, shortCircuit: true }
      : next(specifier, context),
});
