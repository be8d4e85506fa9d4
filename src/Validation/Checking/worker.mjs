// Answers questions about scripts, one a line, until its input ends. The first line holds the scripts that know the answers; nothing that is asked about is ever run.
// A line {"about": name, "question": ...} gets a line back: "+" or, from a worker that has had enough, "-", and the answer as JSON; or "!" and what went wrong.
import { createRequire } from 'node:module';
import vm from 'node:vm';

const MOST_QUESTIONS = 1000;
const TIRED_BYTES = 300 * 2 ** 20;

// A part of Node's own that is no public door; undefined where this Node has none.
const inner = (name) => {
  try {
    return createRequire(process.execPath)(name);
  } catch {
    return undefined;
  }
};

async function* lines() {
  let parts = [];
  for await (let chunk of process.stdin) {
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10)) {
      yield Buffer.concat([...parts, chunk.subarray(0, at)]).toString('utf8');
      parts = [];
      chunk = chunk.subarray(at + 1);
    }
    if (chunk.length > 0) parts.push(chunk);
  }
}

const load = (text) => new Function('vm', 'inner', `${text}\nreturn answer;`)(vm, inner);

let texts;
let count = 0;
const known = new Map();
for await (const line of lines()) {
  if (texts === undefined) {
    texts = JSON.parse(line);
    continue;
  }
  let mark;
  let answer;
  try {
    const { about, question } = JSON.parse(line);
    if (!known.has(about)) known.set(about, load(texts[about]));
    answer = known.get(about)(question);
    mark = ++count >= MOST_QUESTIONS || process.memoryUsage.rss() > TIRED_BYTES ? '-' : '+';
  } catch (error) {
    mark = '!';
    answer = `${error?.name}: ${error?.message}`;
  }
  await new Promise((done) => process.stdout.write(`${mark}${JSON.stringify(answer)}\n`, done));
  if (mark !== '+') break;
}
