// Runs named checks one after the other; prints one line each and ends with exit code 1 when any failed.
export async function run(checks) {
  let failed = 0;
  for (const [name, check] of Object.entries(checks)) {
    try {
      await check();
      console.log(`ok ${name}`);
    } catch (error) {
      failed++;
      console.log(`FAILED ${name}: ${error?.stack ?? error}`);
    }
  }
  console.log(`${Object.keys(checks).length - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

/** The error that a call must end with. */
export async function rejected(call) {
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new Error('the call was expected to fail');
}

/** A tool that every API knows how to describe. */
export const pathSchema = { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] };
