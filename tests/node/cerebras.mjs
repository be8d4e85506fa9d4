// The official Cerebras client against a server given as argument: node cerebras.mjs http://127.0.0.1:PORT
// The server must run the script that OfficialClientTests gives it: prompts named after a fault play that fault.
import assert from 'node:assert/strict';
import Cerebras from '@cerebras/cerebras_cloud_sdk';
import { pathSchema, rejected, run } from './checks.mjs';

const baseURL = process.argv[2];
const client = new Cerebras({ apiKey: 'csk-test', baseURL, maxRetries: 0 });
const model = 'gpt-oss-120b';
const say = (content, more = {}) => ({ model, messages: [{ role: 'user', content }], ...more });
const tools = [{ type: 'function', function: { name: 'file_reader', parameters: pathSchema } }];

async function collect(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

await run({
  async unary() {
    const answer = await client.chat.completions.create(say('Tell me about tides'));
    assert.equal(answer.model, `simulated-${model}`);
    assert.equal(answer.choices[0].finish_reason, 'stop');
    assert.match(answer.choices[0].message.content, /simulated/);
    assert.ok(answer.choices[0].message.reasoning.length > 0);
    assert.equal(answer.usage.total_tokens, answer.usage.prompt_tokens + answer.usage.completion_tokens);
    assert.ok(answer.time_info.total_time >= 0);
  },
  async streaming() {
    const chunks = await collect(await client.chat.completions.create(say('Tell me about tides', { stream: true })));
    const last = chunks.at(-1);
    assert.equal(chunks[0].choices[0].delta.role, 'assistant');
    assert.equal(last.choices[0].finish_reason, 'stop');
    assert.ok(last.usage.completion_tokens > 0);
    assert.ok(last.time_info.total_time >= 0);
    assert.match(chunks.map((chunk) => chunk.choices[0].delta.content ?? '').join(''), /simulated/);
  },
  async 'streaming with split characters and CRLF'() {
    for (const fault of ['split-utf8', 'crlf']) {
      const chunks = await collect(await client.chat.completions.create(say(`play ${fault}`, { stream: true })));
      assert.ok(chunks.length > 2, fault);
      assert.equal(chunks.at(-1).choices[0].finish_reason, 'stop');
    }
  },
  async tools() {
    const first = await client.chat.completions.create(say('Use file_reader on src/Orders.cs', { tools }));
    const message = first.choices[0].message;
    assert.equal(first.choices[0].finish_reason, 'tool_calls');
    assert.deepEqual(JSON.parse(message.tool_calls[0].function.arguments), { path: 'src/Orders.cs' });
    const second = await client.chat.completions.create({
      model,
      tools,
      messages: [
        { role: 'user', content: 'Use file_reader on src/Orders.cs' },
        { role: 'assistant', tool_calls: message.tool_calls, reasoning: message.reasoning },
        { role: 'tool', tool_call_id: message.tool_calls[0].id, content: 'class Orders {}' },
      ],
    });
    assert.equal(second.choices[0].finish_reason, 'stop');
  },
  async 'tools in a stream'() {
    const chunks = await collect(await client.chat.completions.create(say('Use file_reader on a.cs', { tools, stream: true })));
    const calls = chunks.flatMap((chunk) => chunk.choices[0].delta.tool_calls ?? []);
    assert.equal(calls.length, 1);
    assert.equal(calls[0].function.name, 'file_reader');
  },
  async 'structured output'() {
    const schema = { type: 'object', additionalProperties: false, required: ['label'], properties: { label: { type: 'string', enum: ['a', 'b'] } } };
    const answer = await client.chat.completions.create(say('Pick one', { response_format: { type: 'json_schema', json_schema: { name: 'pick', strict: true, schema } } }));
    assert.ok(['a', 'b'].includes(JSON.parse(answer.choices[0].message.content).label));
  },
  async models() {
    const list = await client.models.list();
    assert.ok(list.data.some((entry) => entry.id === model));
    assert.equal((await client.models.retrieve(model)).id, model);
  },
  async 'errors by status'() {
    const expected = {
      401: Cerebras.AuthenticationError,
      '404-model': Cerebras.NotFoundError,
      422: Cerebras.UnprocessableEntityError,
      '429-queue': Cerebras.RateLimitError,
      '429-tokens': Cerebras.RateLimitError,
      500: Cerebras.InternalServerError,
      '502-html': Cerebras.InternalServerError,
      503: Cerebras.InternalServerError,
    };
    for (const [fault, type] of Object.entries(expected)) {
      const error = await rejected(() => client.chat.completions.create(say(`play ${fault}`)));
      assert.ok(error instanceof type, `${fault}: ${error}`);
    }
    for (const [fault, status] of Object.entries({ 402: 402, 408: 408 })) {
      assert.equal((await rejected(() => client.chat.completions.create(say(`play ${fault}`)))).status, status);
    }
  },
  async 'unknown property'() {
    const error = await rejected(() => client.chat.completions.create(say('x', { store: true })));
    assert.equal(error.status, 400);
    assert.match(error.message, /property 'store' is unsupported/);
  },
  async 'error inside a stream'() {
    const stream = await client.chat.completions.create(say('play mid-stream-error', { stream: true }));
    const error = await rejected(() => collect(stream));
    assert.ok(error instanceof Cerebras.APIConnectionError); // The client keeps the server's words in the cause.
    assert.match(String(error.cause), /server error/);
  },
  async 'cut stream'() {
    const stream = await client.chat.completions.create(say('play cut', { stream: true }));
    await rejected(() => collect(stream));
  },
  async 'retries follow the server'() {
    const patient = new Cerebras({ apiKey: 'csk-test', baseURL, maxRetries: 2, warmTCPConnection: false });
    const answer = await patient.chat.completions.create(say('flaky once'));
    assert.equal(answer.choices[0].message.content, 'recovered');
    const error = await rejected(() => patient.chat.completions.create(say('queue once')));
    assert.equal(error.status, 429);
  },
});
