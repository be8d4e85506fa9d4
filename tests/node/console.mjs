// Drives the web console in a real browser against a host with the data of a demo run.
// node console.mjs ADDRESS [FOLDER for screenshots]
import { readFile, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { run } from './checks.mjs';

const [address, folder = process.env.PLATFORM_SCREENSHOTS] = process.argv.slice(2);
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const patience = 60_000;
// The engine of this approach writes slowly enough to be watched.
const slow = 'traditional';
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
});

const wide = { width: 1600, height: 1000 };
const narrow = { width: 360, height: 740 };
const looks = [
  { name: 'wide-light', viewport: wide, colorScheme: 'light', rules: null },
  { name: 'wide-dark', viewport: wide, colorScheme: 'dark', rules: ['color-contrast'] },
  { name: 'narrow-light', viewport: narrow, colorScheme: 'light', rules: ['color-contrast'] },
  { name: 'narrow-dark', viewport: narrow, colorScheme: 'dark', rules: null },
];

function expect(holds, message) {
  if (!holds) throw new Error(message);
}

/** A browser window that notes everything that goes wrong in it. */
async function open(options = {}) {
  const context = await browser.newContext({ baseURL: address, timezoneId: 'Europe/Berlin', ...options });
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  const wrong = [];
  page.on('console', (message) => message.type() === 'error' && wrong.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => wrong.push(`error: ${error.message}`));
  page.on('response', (response) => response.status() >= 400 && wrong.push(`${response.status()} ${response.url()}`));
  page.on('requestfailed', (request) => {
    // A stream or refresh that leaving the page cut short did not fail.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') wrong.push(`${request.failure()?.errorText} ${request.url()}`);
  });
  return { page, wrong, close: () => context.close() };
}

async function inPage(options, work) {
  const { page, wrong, close } = await open(options);
  try {
    await work(page);
    expect(wrong.length === 0, wrong.join('\n'));
  } finally {
    await close();
  }
}

/** Every page there is, with an example of each kind. */
async function findPages() {
  const { page, close } = await open();
  const first = async (path, selector) => {
    await page.goto(path);
    return page.locator(selector).first().getAttribute('href');
  };
  const jobs = await (async () => {
    await page.goto('/jobs?kind=code');
    return page.locator('table.jobs tbody th a').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  })();
  const pages = {
    overview: '/?simulated=1&range=10m',
    'overview-alert': '/?range=1h',
    jobs: '/jobs',
    'jobs-empty': '/jobs?state=cancelled',
    'new-job': '/jobs/new',
    job: jobs[0],
    'job-fixed': jobs[1],
    patterns: '/patterns',
    search: '/patterns?q=percentile+histogram',
    pattern: await first('/patterns?q=percentile+histogram', 'article.hit h3 a'),
    campaigns: '/campaigns',
    campaign: await first('/campaigns', 'tbody th a'),
    calendar: '/calendar',
    'calendar-week': (await first('/calendar', '.day a.due'))?.replace(/.*slot=([0-9-]{10}).*/, '/calendar?view=week&on=$1') ?? '/calendar?view=week',
    'calendar-day': '/calendar?view=day',
    measures: '/measures?simulated=1',
    'measures-real': '/measures',
    'overview-real': '/?range=24h',
    'patterns-use': '/patterns?simulated=1',
    roi: '/roi',
    'roi-simulated': '/roi?simulated=1',
    'roi-report': '/roi/report?simulated=1',
    alerts: '/alerts',
    'alert-rules': '/alerts/rules',
    experiments: '/experiments',
    privacy: '/privacy',
    audit: '/audit?check=1',
    settings: '/settings',
  };
  await close();
  return pages;
}

async function lookAt(page, path, { name, rules }) {
  const response = await page.goto(path);
  expect(response.status() === 200, `${path}: ${response.status()}`);
  await page.locator('h1').first().waitFor();
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(overflow <= 0, `${path} is ${overflow} pixels too wide (${name})`);
  await page.evaluate(axe);
  const found = await page.evaluate((only) => window.axe.run(document, only ? { runOnly: { type: 'rule', values: only } } : {}), rules);
  const serious = found.violations.filter((each) => ['serious', 'critical'].includes(each.impact));
  expect(serious.length === 0, `${path} (${name}): ${serious.map((each) => `${each.id}: ${each.nodes.slice(0, 3).map((node) => node.html).join(' ')}`).join('\n')}`);
}

async function startJob(page, task, approach = '') {
  await page.goto('/jobs/new');
  await page.getByLabel('Task').fill(task);
  await page.getByLabel('Approach').selectOption(approach);
  await page.getByLabel('Language').fill('csharp');
  await page.getByRole('button', { name: 'Start' }).click();
  await page.waitForURL(/\/jobs\/(?!new)/);
}

const pages = await findPages();
const checks = {};

for (const look of looks) {
  checks[`every page loads, reads well and fits: ${look.name}`] = () => inPage({ viewport: look.viewport, colorScheme: look.colorScheme }, async (page) => {
    for (const [name, path] of Object.entries(pages)) {
      await lookAt(page, path, look);
      if (folder) {
        await mkdir(folder, { recursive: true });
        await page.screenshot({ path: `${folder}/${name}-${look.name}.png`, fullPage: !/^(overview|roi)$/.test(name) });
      }
    }
  });
}

checks['every page works without script'] = () => inPage({ javaScriptEnabled: false }, async (page) => {
  for (const path of Object.values(pages)) {
    const response = await page.goto(path);
    expect(response.status() === 200, `${path}: ${response.status()}`);
    expect(await page.locator('h1').count() === 1, `${path} has no heading`);
  }
  await startJob(page, 'Write a C# class that adds two numbers, without script.');
  await page.getByText('Succeeded', { exact: true }).waitFor();
  await page.goto(pages.campaign);
  await page.getByText('Edit', { exact: true }).first().click();
  await page.locator('details[open] textarea').first().fill('Short and new.');
  await page.locator('details[open]').getByRole('button', { name: 'Check' }).first().click();
  await page.getByText(/14 of \d+/).first().waitFor();
});

checks['a new job streams its answer and ends with its outcome'] = () => inPage({}, async (page) => {
  const wrote = [];
  await page.exposeFunction('noteText', (length) => wrote.push(length));
  await page.addInitScript(() => {
    new MutationObserver(() => {
      const place = document.querySelector('[data-stream]');
      if (place) window.noteText(place.textContent.length);
    }).observe(document, { subtree: true, childList: true, characterData: true });
  });
  await startJob(page, 'Write a C# class that adds two numbers and explain it at length.', slow);
  await page.getByText('Succeeded', { exact: true }).waitFor();
  const growth = new Set(wrote.filter((length) => length > 0)).size;
  expect(growth > 3, `the answer grew in ${growth} steps`);
  await page.getByRole('heading', { name: 'Attempts' }).waitFor();
  expect(await page.getByRole('link', { name: 'Proof card' }).count() === 1, 'no proof card');
});

checks['a running job is cancelled'] = () => inPage({}, async (page) => {
  await startJob(page, 'Write a long C# class with many methods.', slow);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('Cancelled', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Try again' }).waitFor();
});

checks['the table of jobs is live and keeps what is typed'] = () => inPage({}, async (page) => {
  await page.goto('/jobs');
  await page.getByText('live', { exact: true }).waitFor();
  const select = page.getByLabel('State');
  await select.focus();
  const task = `Write a C# class number ${Date.now()}.`;
  const other = await open();
  await startJob(other.page, task);
  await other.close();
  await page.getByRole('link', { name: task }).waitFor();
  expect(await select.evaluate((element) => element === document.activeElement), 'the focus was lost');
});

checks['search marks the words and explains the score'] = () => inPage({}, async (page) => {
  await page.goto('/patterns');
  await page.getByLabel('Search').fill('percentile histogram');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.locator('article.hit mark').first().waitFor();
  expect(await page.locator('article.hit .part').count() > 2, 'no parts of scores');
});

checks['a post is approved where one stands'] = () => inPage({}, async (page) => {
  await page.goto(pages.campaign);
  const card = page.locator('article.post').filter({ has: page.getByRole('button', { name: 'Approve', disabled: false }) }).first();
  const id = await card.getAttribute('id');
  await card.getByRole('button', { name: 'Approve' }).click();
  await page.locator(`#${id}`).getByText('approved', { exact: true }).waitFor();
});

checks['the calendar leads from a day to its posts'] = () => inPage({}, async (page) => {
  await page.goto('/calendar?view=week');
  // The demo's slots begin tomorrow, which may be another week or month.
  if (await page.locator('.day a.due').count() === 0) await page.locator('.notice a').click();
  const due = page.locator('.day a.due').first();
  const platform = (await due.textContent()).match(/^\s*[0-9:]{5} ([a-z]+)/)[1];
  await due.click();
  await page.waitForURL(/\/campaigns\/.*slot=.*platform=/);
  await page.locator('article.post').filter({ hasText: platform }).first().waitFor();
});

checks['an edited post is counted while one types'] = () => inPage({}, async (page) => {
  await page.goto(pages.campaign);
  const card = page.locator('article.post').nth(1);
  await card.getByText('Edit', { exact: true }).click();
  await card.getByLabel('Text').fill('Fifteen letters');
  await card.getByText(/^15 of \d+/).waitFor();
});

checks['a slider changes the figures'] = () => inPage({}, async (page) => {
  await page.goto('/roi');
  const year = page.locator('.tile', { hasText: 'A year' }).locator('dd').first();
  const before = await year.textContent();
  await page.getByLabel('Slider: US dollars an hour').fill('150');
  await page.waitForFunction(([text]) => ![...document.querySelectorAll('.tile')].some((tile) => tile.textContent.includes(text)), [before]);
  expect((await year.textContent()) !== before, 'the year stayed the same');
  expect(page.url().includes('rate=150'), page.url());
});

checks['rules of alerts are tried on past data, saved, and refused when they cannot be'] = () => inPage({}, async (page) => {
  await page.goto('/alerts/rules');
  await page.getByLabel('Fewest jobs to judge by').fill('7');
  await page.getByRole('button', { name: 'Try on past data' }).click();
  await page.locator('main').getByText('slow_job.mcp').first().waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();
  expect((await page.getByLabel('Fewest jobs to judge by').inputValue()) === '7', 'the value was not kept');
});

checks['a key is made, shown once, and revoked; the audit log says so'] = () => inPage({}, async (page) => {
  await page.goto('/settings');
  const name = `key ${Date.now()}`;
  await page.getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Make a key' }).click();
  await page.getByText(/^platform_/).waitFor();
  await page.goto('/settings');
  expect(await page.getByText(/^platform_/).count() === 0, 'the key is shown again');
  await page.getByRole('row', { name }).getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('row', { name }).getByText('revoked').waitFor();
  await page.goto('/audit?check=1');
  await page.getByText('Nothing is wrong').waitFor();
  expect(await page.getByText('key.revoked').count() > 0, 'no entry');
});

checks['real jobs have figures, and each of money is traced to what it comes from'] = () => inPage({}, async (page) => {
  await page.goto('/roi');
  await page.getByRole('link', { name: 'A year', exact: true }).click();
  await page.waitForURL(/#from-year$/);
  await page.locator('#from-baseline').getByText('mean of 12 succeeded jobs of the traditional approach').waitFor();
  await page.locator('#from-failed').getByText('of 34 that ended').waitFor();
  expect(await page.locator('#ledger tr', { hasText: 'Failed' }).getByText('3 of 34 jobs failed').count() === 1, 'failed jobs cost nothing');
  await page.locator('#from-baseline').getByRole('link').click();
  await page.waitForURL(/\/jobs\?.*approach=traditional/);
  await page.goto('/measures');
  await page.getByRole('row', { name: /^linkedin/ }).first().waitFor();
  await page.getByText('tests_failed 3', { exact: true }).first().waitFor();
});

checks['a larger team saves more'] = () => inPage({}, async (page) => {
  await page.goto('/roi?rate=100&tasks=50&baseline=84&seconds=12');
  await page.locator('.tile', { hasText: 'A day' }).getByText('$100.00').first().waitFor();
  await page.getByLabel('Slider: Team size, people').fill('5');
  await page.locator('.tile', { hasText: 'A day' }).getByText('$500.00').first().waitFor();
  expect(page.url().includes('people=5'), page.url());
});

checks['an alert of one job leads to it and is acknowledged'] = () => inPage({}, async (page) => {
  await page.goto('/alerts');
  const card = page.locator('article.alert', { hasText: 'slow_job.mcp' });
  expect(/^\/jobs\//.test(await card.getByRole('link', { name: 'Look at the job' }).getAttribute('href')), 'no link to the job');
  await card.getByRole('button', { name: 'Acknowledge' }).click();
  await card.getByText('acknowledged').waitFor();
});

checks['an experiment shows what is believed of its arms, and is stopped'] = () => inPage({}, async (page) => {
  await page.goto('/experiments');
  const card = page.locator('section.card', { hasText: 'Opening line' });
  await card.getByRole('img', { name: /^What is believed of the rates\. a: .* best with a chance of / }).waitFor();
  const best = (await card.locator('tbody tr').nth(1).locator('td').last().textContent()).trim();
  expect(/^9[0-9]\.[0-9]%$/.test(best), `34 of 400 against 20 of 400 is better with ${best}`);
  await card.getByRole('button', { name: 'Stop' }).click();
  await card.getByText('stopped', { exact: true }).waitFor();
});

checks['a post that is too long is shown as it would be posted'] = () => inPage({}, async (page) => {
  await page.goto(pages.campaign);
  const card = page.locator('article.post').first();
  await card.getByText('Edit', { exact: true }).click();
  await card.getByLabel('Text').fill('A sentence that is repeated until no platform takes it. '.repeat(400));
  await card.locator('.fitted p').first().waitFor();
  const parts = await card.locator('.fitted p.text').allTextContents();
  expect(parts.length > 0 && parts.every((part) => part.length < 10_000), `${parts.length} parts`);
});

checks['a form of a row that is gone says so'] = () => inPage({}, async (page) => {
  await page.goto('/jobs?state=cancelled');
  // Sent by the script: the page is live then.
  await page.getByText('live', { exact: true }).waitFor();
  const row = page.locator('table.jobs tbody tr').first();
  await row.locator('input[name=id]').evaluate((field) => { field.value = 'gone'; });
  await row.getByRole('button', { name: 'Try again' }).click();
  const said = page.locator('.notice.problem', { hasText: 'gone' });
  await said.waitFor();
  // A job that comes in draws the page anew; the refusal stays until something else is done.
  const other = await open();
  const task = `Write a C# class beside a refusal ${Date.now()}.`;
  await startJob(other.page, task, slow);
  await other.page.getByRole('button', { name: 'Cancel' }).click();
  await other.page.getByText('Cancelled', { exact: true }).waitFor();
  await other.close();
  await page.getByRole('link', { name: task }).waitFor();
  expect(await said.count() === 1, `the refusal stands ${await said.count()} times`);
  await page.getByLabel('Kind').selectOption('code');
  await page.waitForURL(/kind=code/);
  await page.waitForFunction(() => !document.querySelector('.notice.problem'));
});

checks['a request about a person is taken in'] = () => inPage({}, async (page) => {
  await page.goto('/privacy');
  await page.getByLabel('Person, as you name them').fill(`person-${Date.now()}`);
  await page.getByRole('combobox', { name: 'Request' }).selectOption('export');
  await page.getByRole('button', { name: 'Take it in' }).click();
  await page.locator('tbody tr, .notice').first().waitFor();
});

checks['what can be taken away comes as a file'] = () => inPage({}, async (page) => {
  for (const [path, link, name] of [[pages.job, 'Proof card', /^proof-.*\.json$/], ['/roi', 'CSV', /^roi\.csv$/], ['/measures?simulated=1', 'CSV', /^measures\.csv$/], [pages.campaign, 'Export CSV', /^campaign-.*\.csv$/]]) {
    await page.goto(path);
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: link, exact: true }).click()]);
    expect(name.test(file.suggestedFilename()), file.suggestedFilename());
    expect((await readFile(await file.path(), 'utf8')).length > 100, `${path}: the file is empty`);
  }
});

checks['the fallback switch takes effect and can be undone'] = () => inPage({}, async (page) => {
  await page.goto('/settings');
  await page.getByRole('button', { name: 'Turn off for my tenant' }).click();
  await page.getByRole('button', { name: 'Turn on for my tenant' }).waitFor();
  await page.getByRole('button', { name: 'Turn off for all tenants' }).click();
  await page.getByRole('button', { name: 'Turn on for all tenants' }).click();
  await page.getByRole('button', { name: 'Turn off for all tenants' }).waitFor();
  await page.getByRole('button', { name: 'Turn on for my tenant' }).click();
  await page.getByRole('button', { name: 'Turn off for my tenant' }).waitFor();
});

checks['without fallback a job fails with its engine, with it another engine answers'] = () => inPage({}, async (page) => {
  const turn = async (to) => {
    await page.goto('/settings');
    await page.getByRole('button', { name: `Turn ${to} for my tenant` }).click();
    await page.getByRole('button', { name: `Turn ${to === 'off' ? 'on' : 'off'} for my tenant` }).waitFor();
  };
  await turn('off');
  try {
    await startJob(page, 'Write a C# class that breaks the first engine, alone.', 'instructions');
    await page.getByText('Failed', { exact: true }).waitFor();
    expect(await page.getByText('Claude asked').count() === 0, 'another engine was asked');
  } finally {
    await turn('on');
  }
  await startJob(page, 'Write a C# class that breaks the first engine, with another behind it.', 'instructions');
  await page.getByText('Succeeded', { exact: true }).waitFor();
  await page.getByText('Claude asked').first().waitFor();
});

checks['the keyboard reaches everything, in the order of the page, and shows where it is'] = () => inPage({ viewport: wide }, async (page) => {
  // A list that does not change while one tabs through it.
  for (const path of ['/roi/report?simulated=1', '/jobs?state=cancelled', pages.campaign, '/roi', '/alerts/rules', '/settings']) {
    await page.goto(path);
    await page.locator('h1').first().waitFor();
    const order = await page.evaluate(() => {
      const open = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.disabled;
      const wanted = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')].filter(open);
      window.tabs = wanted;
      return wanted.length;
    });
    const seen = [];
    for (let step = 0; step < Math.min(order, 60); step++) {
      await page.keyboard.press('Tab');
      seen.push(await page.evaluate(() => {
        const focused = document.activeElement;
        const style = getComputedStyle(focused);
        return { tab: window.tabs.indexOf(focused), shown: style.outlineStyle !== 'none' || style.boxShadow !== 'none', what: focused.outerHTML.slice(0, 120) };
      }));
    }
    // The report is a page to print: it has nothing to skip.
    expect(path.startsWith('/roi/report') || seen[0].what.includes('class="skip"'), `${path} begins with ${seen[0].what}`);
    const wrong = seen.find((one, number) => one.tab !== number);
    expect(!wrong, `${path}: ${wrong?.what} is not where it stands on the page`);
    const hidden = seen.find((one) => !one.shown);
    expect(!hidden, `${path}: nobody sees that ${hidden?.what} has the focus`);
  }
});

checks['nothing jumps while figures and jobs come in'] = () => inPage({ viewport: wide }, async (page) => {
  await page.addInitScript(() => {
    window.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  for (const [path, sign] of [['/?simulated=1&range=10m', '.tile'], ['/jobs', 'table.jobs tbody tr']]) {
    await page.goto(path);
    await page.getByText('live', { exact: true }).waitFor();
    await page.locator(sign).first().waitFor();
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    await page.evaluate(() => { window.shift = 0; });
    const other = await open();
    for (let number = 0; number < 3; number++) {
      await startJob(other.page, `Write a C# class to see that nothing jumps, ${path} ${number}.`);
      await other.page.getByText('Succeeded', { exact: true }).waitFor();
    }
    await other.close();
    if (path === '/jobs') await page.getByRole('link', { name: `nothing jumps, ${path} 2.` }).first().waitFor();
    const shift = await page.evaluate(() => window.shift);
    // Rows that come in at the top move the table: that is what a live table is. Everything else stays.
    expect(shift < 0.1, `${path} moved by ${shift}`);
  }
});

checks['colours are chosen and kept; times follow the browser'] = () => inPage({ colorScheme: 'light' }, async (page) => {
  await page.goto(pages.job);
  await page.getByRole('button', { name: 'dark' }).click();
  await page.locator('html[data-theme=dark]').waitFor();
  await page.goto('/settings');
  await page.locator('html[data-theme=dark]').waitFor();
  await page.getByText('Europe/Berlin, as your browser says').or(page.getByText('Europe/Berlin', { exact: true })).first().waitFor();
});

checks['script in a prompt stays text'] = () => inPage({}, async (page) => {
  await startJob(page, '<script>document.title = "taken"</script><img src=x onerror="document.title=\'taken\'"> Write a C# class.');
  await page.getByText(/^(Succeeded|Failed)$/).first().waitFor();
  expect((await page.title()) === 'Job – Platform', await page.title());
});

await run(checks);
await browser.close();
