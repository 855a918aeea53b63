/**
 * Starts the embedded VOD endpoint alone; see src/demo/main.ts for its options and its one line of output.
 *
 *   node scripts/endpoint.mjs [--port 0] [--seed TEXT] [--no-limit] [--latency MS]
 */
if (process.features.typescript) {
  const { main } = await import("../src/demo/main.ts");
  await main(process.argv.slice(2));
} else {
  console.error("This script needs Node 24. Use `npm run endpoint`, which brings it along.");
  process.exitCode = 2;
}
