// Runs Node's tests inside the sandbox. The first line of standard input is the secret that marks result lines.
import { mkdtempSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from 'node:test';

const secret = readFileSync(0, 'utf8').trim();
const asked = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const files = asked.tests.map((f) => resolve(f));
const measured = asked.code.length > 0 ? mkdtempSync(join(tmpdir(), 'coverage-')) : null;
if (measured) process.env.NODE_V8_COVERAGE = measured;
const emit = (event) => writeSync(1, `\n${secret}${JSON.stringify(event)}\n`);

const describe = (error) => {
  const cause = error?.cause ?? error;
  return String(cause?.message ?? cause ?? 'failed').slice(0, 4000);
};
const lineOf = (error, file) => {
  const stack = String((error?.cause ?? error)?.stack ?? '');
  const at = stack.split('\n').filter((l) => l.includes(file ?? '\0')).at(-1);
  return Number(/:(\d+):\d+\)?$/.exec(at ?? '')?.[1] ?? 0);
};
const isSuite = (data) => data.details?.type === 'suite';
const printed = [];
const complaints = new Map();
// A file that Node could not read or link is a test by its own name; what was wrong stands in the file's error output.
const isLoadError = (data) => files.includes(resolve(data.name)) && /^(?:\w*SyntaxError\b|.*\bERR_MODULE_NOT_FOUND\b|.*\bMODULE_NOT_FOUND\b)/m.test((complaints.get(resolve(data.name)) ?? []).join(''));

for await (const { type, data } of run({ files, concurrency: 1 })) {
  if (type === 'test:stderr' || type === 'test:stdout') {
    printed.push(data.message);
    if (type === 'test:stderr') complaints.set(data.file, [...(complaints.get(data.file) ?? []), data.message]);
  } else if (type === 'test:start') {
    emit({ event: 'start', name: data.name });
  } else if ((type === 'test:pass' || type === 'test:fail') && !isSuite(data)) {
    if (data.skip !== undefined || data.todo !== undefined) {
      emit({ event: 'skip', name: data.name });
      continue;
    }
    const error = data.details?.error;
    emit({
      event: 'end', name: data.name, passed: type === 'test:pass', line: type === 'test:pass' ? 0 : lineOf(error, data.file) || data.line || 0,
      ...(type === 'test:pass' ? {} : { message: describe(error), load: isLoadError(data) }),
    });
  }
}
// A line counts when it holds more than white space, a comment or closing brackets; it was reached unless a range that was never run covers it.
const reports = measured ? readdirSync(measured).map((name) => JSON.parse(readFileSync(join(measured, name), 'utf8')).result) : [];
const coverageOf = (path) => {
  const text = readFileSync(path, 'utf8');
  const starts = [0, ...[...text.matchAll(/\n/g)].map((m) => m.index + 1)];
  const rows = text.split('\n');
  const lines = rows.flatMap((row, i) => (/^\s*(?:\/\/.*|\/\*.*|\*.*|[\])};,\s]*)$/.test(row) ? [] : [i + 1]));
  const covered = new Set();
  for (const result of reports) {
    const seen = result.find((r) => r.url.startsWith('file:') && fileURLToPath(r.url) === resolve(path));
    if (!seen) continue;
    const ranges = seen.functions.flatMap((f) => f.ranges);
    for (const line of lines) {
      const at = starts[line - 1] + rows[line - 1].search(/\S/);
      // The innermost range says whether this place was run.
      const inner = ranges.filter((r) => r.startOffset <= at && at < r.endOffset).sort((a, b) => (a.endOffset - a.startOffset) - (b.endOffset - b.startOffset))[0];
      if (inner === undefined || inner.count > 0) covered.add(line);
    }
  }
  return { path, lines, covered: [...covered] };
};
if (measured) emit({ event: 'coverage', files: asked.code.map(coverageOf) });
emit({ event: 'done', printed: printed.join('').slice(0, 65536) });
process.exit(0);
