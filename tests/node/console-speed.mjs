// How fast a page of the console is, and how it keeps up while figures change.
// node console-speed.mjs ADDRESS first | node console-speed.mjs ADDRESS watch SECONDS [PATH]
// Prints one JSON document.
import { chromium } from 'playwright-core';

const [address, what, seconds, path = '/?range=10m'] = process.argv.slice(2);
const runs = 7;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
});

/** Notes in the page: when it can be used, when it went live, long tasks, gaps between frames, and swaps. */
function observe() {
  const notes = { interactive: 0, live: 0, tasks: [], gap: 0, gaps: [], swaps: 0, edits: 0 };
  window.notes = notes;
  new PerformanceObserver((list) => notes.tasks.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: 'longtask', buffered: true });
  let last = 0;
  const frame = (now) => {
    if (last) notes.gaps.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  new MutationObserver((changes) => {
    if (!notes.interactive && document.documentElement.classList.contains('js')) notes.interactive = performance.now();
    if (!notes.live && document.getElementById('live')?.textContent === 'live') notes.live = performance.now();
    notes.edits += changes.length;
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  const fetched = window.fetch;
  window.fetch = (...words) => {
    notes.swaps++;
    return fetched(...words);
  };
}

const middle = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const context = await browser.newContext({ baseURL: address, viewport: { width: 1600, height: 1000 } });
await context.addInitScript(observe);
const page = await context.newPage();
let answer;
if (what === 'first') {
  // Warm: the host has drawn it before, and the browser holds the assets.
  await page.goto(path);
  const seen = [];
  for (let run = 0; run < runs; run++) {
    await page.goto('about:blank');
    await page.goto(path);
    await page.waitForFunction(() => window.notes.live > 0 && window.notes.swaps > 0);
    seen.push(await page.evaluate(() => {
      const [navigation] = performance.getEntriesByType('navigation');
      return { first_byte: navigation.responseStart, content: navigation.domContentLoadedEventEnd, interactive: window.notes.interactive, live: window.notes.live };
    }));
  }
  answer = { runs };
  for (const name of ['first_byte', 'content', 'interactive', 'live']) answer[name] = middle(seen.map((one) => one[name]));
  answer.interactive_worst = Math.max(...seen.map((one) => one.interactive));
} else {
  await page.goto(path);
  await page.waitForFunction(() => window.notes.live > 0);
  await page.waitForTimeout(1000);
  await page.evaluate(() => Object.assign(window.notes, { tasks: [], gaps: [], swaps: 0, edits: 0 }));
  await page.waitForTimeout(Number(seconds) * 1000);
  answer = await page.evaluate(() => {
    const gaps = [...window.notes.gaps].sort((a, b) => a - b);
    return {
      longest_task: Math.max(0, ...window.notes.tasks), long_tasks: window.notes.tasks.length, longest_gap: gaps.at(-1) ?? 0, gap_p99: gaps[Math.floor(gaps.length * 0.99)] ?? 0,
      frames: gaps.length, swaps: window.notes.swaps, edits: window.notes.edits,
    };
  });
  if (path === '/jobs') answer.rows = await page.locator('table.jobs tbody tr').count();
  else answer.jobs = Number((await page.locator('.tile', { hasText: 'Jobs' }).locator('dd').first().textContent().catch(() => '0')).replaceAll(',', ''));
}
console.log(JSON.stringify(answer));
await browser.close();
