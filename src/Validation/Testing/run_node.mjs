// Runs Node's tests inside the sandbox. The first line of standard input is the secret that marks result lines.
import { readFileSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { run } from 'node:test';

const secret = readFileSync(0, 'utf8').trim();
const files = JSON.parse(readFileSync(process.argv[2], 'utf8')).map((f) => resolve(f));
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

for await (const { type, data } of run({ files, concurrency: 1 })) {
  if (type === 'test:stderr' || type === 'test:stdout') {
    printed.push(data.message);
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
      ...(type === 'test:pass' ? {} : { message: describe(error) }),
    });
  }
}
emit({ event: 'done', printed: printed.join('').slice(0, 65536) });
process.exit(0);
