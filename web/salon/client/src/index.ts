// Drawn by `portico client ts`: change the actions, and draw it again.
export * from "./actions.ts";
export * from "./runtime.ts";
export type * from "./types.ts";
