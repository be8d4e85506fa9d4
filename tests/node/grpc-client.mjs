// Calls a running host as a client in another language would: node grpc-client.mjs HOST:PORT
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import grpc from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { rejected, run } from './checks.mjs';

const [address] = process.argv.slice(2);
const protos = fileURLToPath(new URL('../../protos/', import.meta.url));
const types = (file) => loadSync(file, { includeDirs: [protos], keepCase: true, longs: Number, enums: String, defaults: true, oneofs: true });
const load = (file) => grpc.loadPackageDefinition(types(file));
const { Generation } = load('platform/v1/generation.proto').platform.v1;
const { Health } = load('grpc/health/v1/health.proto').grpc.health.v1;
const { ServerReflection } = load('grpc/reflection/v1/reflection.proto').grpc.reflection.v1;

const open = (Client) => new Client(address, grpc.credentials.createInsecure());
const [jobs, health, reflection] = [Generation, Health, ServerReflection].map(open);
const metadata = new grpc.Metadata();
const soon = () => ({ deadline: Date.now() + 60_000 });

/** The reply of a unary call. */
const ask = (client, method, request) =>
  new Promise((resolve, reject) => client[method](request, metadata, soon(), (error, reply) => (error ? reject(error) : resolve(reply))));

/** The reply of a call that streams its request. */
const send = (client, method, messages) =>
  new Promise((resolve, reject) => {
    const stream = client[method](metadata, soon(), (error, reply) => (error ? reject(error) : resolve(reply)));
    messages.forEach((message) => stream.write(message));
    stream.end();
  });

/** Every message of a stream. */
async function read(stream) {
  const all = [];
  for await (const message of stream) all.push(message);
  return all;
}

/** The cause in the trailers of an error. */
function causeOf(error) {
  const known = types('google/rpc/status.proto');
  const status = known['google.rpc.Status'].deserialize(error.metadata.get('grpc-status-details-bin')[0]);
  const [detail] = status.details;
  assert.equal(detail.type_url, 'type.googleapis.com/google.rpc.ErrorInfo');
  return { code: status.code, message: status.message, ...known['google.rpc.ErrorInfo'].deserialize(detail.value) };
}

await run({
  async 'health: serving'() {
    assert.equal((await ask(health, 'Check', { service: 'platform.v1.Generation' })).status, 'SERVING');
  },

  async 'reflection: lists the services and describes one'() {
    const stream = reflection.ServerReflectionInfo(metadata, soon());
    stream.write({ list_services: '*' });
    stream.write({ file_containing_symbol: 'platform.v1.Generation' });
    stream.end();
    const [list, file] = await read(stream);
    const names = list.list_services_response.service.map((service) => service.name);
    assert.ok(names.includes('platform.v1.Generation') && names.includes('grpc.health.v1.Health'), names.join());
    assert.ok(file.file_descriptor_response.file_descriptor_proto.some((bytes) => bytes.includes('platform/v1/generation.proto')));
  },

  async 'unary: a route with its reasons'() {
    const route = await ask(jobs, 'Route', { task: 'Add two numbers', language: 'csharp' });
    assert.equal(route.approach, 'instructions');
    assert.equal(route.reasons.filter((reason) => reason.decided).length, 1);
  },

  async 'server streaming: from accepted to completed, numbers rising, the text whole'() {
    const events = await read(jobs.Generate({ task: 'Write a greeting for Größe and 日本', kind: 'content' }, metadata, soon()));
    assert.equal(events[0].what, 'accepted');
    assert.equal(events.at(-1).what, 'completed', JSON.stringify(events.at(-1)));
    assert.ok(events.some((event) => event.what === 'token' || event.what === 'snapshot'));
    events.reduce((last, event) => (assert.ok(event.number > last, `${event.number} after ${last}`), event.number), 0);
    const job = await ask(jobs, 'GetJob', { job_id: events[0].job_id });
    assert.equal(job.state, 'succeeded');
    assert.equal(job.request.task, 'Write a greeting for Größe and 日本');
    assert.equal(job.result.text, events.at(-1).completed.text);
    assert.ok(job.result.text.length > 0);
  },

  async 'server streaming: a watch resumes after an event'() {
    const job = await ask(jobs, 'Submit', { task: 'Write a farewell', kind: 'content' });
    const all = await read(jobs.WatchJob({ job_id: job.id }, metadata, soon()));
    assert.equal(all.at(-1).what, 'completed');
    const rest = await read(jobs.WatchJob({ job_id: job.id, after: all[0].number }, metadata, soon()));
    assert.ok(rest.every((event) => event.number > all[0].number));
    assert.equal(rest.at(-1).what, 'completed');
  },

  async 'client streaming: a batch is accepted and counted to its end'() {
    const items = ['one', 'two', 'three'].map((id) => ({ custom_id: id, request: { task: `Write about ${id}`, kind: 'content' } }));
    const batch = await send(jobs, 'SubmitBatch', items);
    assert.equal(batch.total, 3);
    const counts = await read(jobs.WatchBatch({ batch_id: batch.id }, metadata, soon()));
    assert.equal(counts.at(-1).succeeded, 3, JSON.stringify(counts.at(-1)));
  },

  async 'error: a bad argument names field and choices, and carries its cause'() {
    const error = await rejected(() => ask(jobs, 'Submit', { task: 'A task', approach: 'magic' }));
    assert.equal(error.code, grpc.status.INVALID_ARGUMENT);
    assert.match(error.details, /approach 'magic' is unknown; use one of: pattern, instructions, mcp, traditional/);
    const cause = causeOf(error);
    assert.deepEqual([cause.code, cause.message, cause.reason, cause.domain, cause.metadata.transient], [3, error.details, 'INVALID_ARGUMENT', 'platform', 'false']);
  },

  async 'error: the same at the end of a stream'() {
    const error = await rejected(() => read(jobs.Generate({ task: ' ' }, metadata, soon())));
    assert.equal(error.code, grpc.status.INVALID_ARGUMENT);
    assert.match(error.details, /task is empty/);
    assert.equal(causeOf(error).reason, 'INVALID_ARGUMENT');
  },

  async 'error: text beyond ASCII survives in the message'() {
    const error = await rejected(() => ask(jobs, 'Submit', { task: 'A task', kind: 'Größe 日本' }));
    assert.match(error.details, /kind 'Größe 日本' is unknown/);
  },

  async 'error: an unknown job is not found'() {
    const error = await rejected(() => ask(jobs, 'GetJob', { job_id: 'nobody' }));
    assert.equal(error.code, grpc.status.NOT_FOUND);
    assert.equal(causeOf(error).reason, 'NOT_FOUND');
  },

  async 'error: a wrong key is not authenticated'() {
    const wrong = new grpc.Metadata();
    wrong.set('authorization', 'Bearer wrong');
    const error = await rejected(() => new Promise((resolve, reject) => jobs.ListJobs({}, wrong, soon(), (failed, reply) => (failed ? reject(failed) : resolve(reply)))));
    assert.equal(error.code, grpc.status.UNAUTHENTICATED);
  },

  async 'error: a method that is not there is not implemented'() {
    const call = () => new Promise((resolve, reject) =>
      jobs.makeUnaryRequest('/platform.v1.Generation/Nothing', () => Buffer.alloc(0), (bytes) => bytes, {}, metadata, soon(), (failed, reply) => (failed ? reject(failed) : resolve(reply))));
    assert.equal((await rejected(call)).code, grpc.status.UNIMPLEMENTED);
  },

  async 'error: a deadline that has passed ends the call'() {
    const error = await rejected(() => read(reflection.ServerReflectionInfo(metadata, { deadline: Date.now() + 1 })));
    assert.equal(error.code, grpc.status.DEADLINE_EXCEEDED);
  },
});

[jobs, health, reflection].forEach((client) => client.close());
