/** Puts `vscode.ts` in place of the module `vscode`, for host code that is imported after this. */
import { registerHooks } from "node:module";

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === "vscode"
      ? { url: new URL("./vscode.ts", import.meta.url).href, shortCircuit: true }
      : next(specifier, context),
});
