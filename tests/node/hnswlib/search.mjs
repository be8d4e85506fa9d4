// Builds a graph over vectors in a file and asks it questions, one thread.
// node search.mjs FOLDER DIMENSION TOP, where FOLDER holds rows.f32, queries.f32 and truth.i32; prints one JSON document.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import hnswlib from 'hnswlib-node';

const [folder, dimension, top] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const floats = name => { const bytes = readFileSync(join(folder, name)); return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4); };
const [rows, queries, truth] = [floats('rows.f32'), floats('queries.f32'), new Int32Array(readFileSync(join(folder, 'truth.i32')).buffer)];
const [count, asked] = [rows.length / dimension, queries.length / dimension];
const vector = (from, i) => Array.from(from.subarray(i * dimension, (i + 1) * dimension));

const index = new hnswlib.HierarchicalNSW('ip', dimension);
index.initIndex(count, 16, 200);
const started = performance.now();
for (let i = 0; i < count; i++) index.addPoint(vector(rows, i), i);
const build = (performance.now() - started) / 1000;

const quantile = (values, q) => values.toSorted((a, b) => a - b)[Math.floor(q * (values.length - 1))];
const searches = [];
for (const ef of [40, 100, 200]) {
  index.setEf(ef);
  const times = [];
  let right = 0;
  for (let round = 0; round < 3; round++) {
    for (let q = 0; q < asked; q++) {
      const question = vector(queries, q);
      const at = performance.now();
      const found = index.searchKnn(question, top).neighbors;
      times.push(performance.now() - at);
      if (round === 0) right += found.filter(n => truth.subarray(q * top, (q + 1) * top).includes(n)).length;
    }
  }
  searches.push({ ef, recall: right / (asked * top), p50: quantile(times, 0.5), p95: quantile(times, 0.95) });
}
console.log(JSON.stringify({ build, searches }));
