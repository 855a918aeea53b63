import * as vscode from "vscode";

/** The few levels that layers below the editor log with; every line is redacted before it reaches the channel. */
export interface Log {
  debug(line: string): void;
  info(line: string): void;
  warn(line: string): void;
  error(line: string): void;
}

/** The log channel "VOD Jobs". `redact` removes key ids, secrets and tokens from every line. */
export function openLog(redact: (line: string) => string): Log & { show(): void; dispose(): void } {
  const channel = vscode.window.createOutputChannel("VOD Jobs", { log: true });
  return {
    debug: (line) => channel.debug(redact(line)),
    info: (line) => channel.info(redact(line)),
    warn: (line) => channel.warn(redact(line)),
    error: (line) => channel.error(redact(line)),
    show: () => channel.show(true),
    dispose: () => channel.dispose(),
  };
}
