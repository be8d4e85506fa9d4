// Takes the pictures of the README from a host that ran the demo: ./platform demo --keep, then
// node console-pictures.mjs ADDRESS FOLDER
import { chromium } from 'playwright-core';

const [address, folder] = process.argv.slice(2);
const width = 1400;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
});
const context = await browser.newContext({ baseURL: address, viewport: { width, height: 1000 }, timezoneId: 'UTC', colorScheme: 'light' });
context.setDefaultTimeout(60_000);
const page = await context.newPage();

await page.goto('/?simulated=1&range=10m');
await page.getByText('live', { exact: true }).waitFor();
await page.screenshot({ path: `${folder}/console-overview.png` });

// The job that had to be fixed has the most to show.
await page.goto('/jobs?kind=code');
const jobs = await page.locator('table.jobs tbody th a').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
for (const job of jobs) {
  await page.goto(job);
  if ((await page.locator('#attempts details').count()) > 1) break;
}
// Cut: from what it took to the end of what the fix changed.
const start = await page.locator('.tiles').first().boundingBox();
const end = await page.locator('#attempts').boundingBox();
const side = await page.locator('main').boundingBox();
await page.screenshot({ path: `${folder}/console-job.png`, fullPage: true, clip: { x: side.x, y: start.y - 12, width: width - side.x, height: end.y + end.height + 24 - start.y } });
await browser.close();
