// The official OpenAI client against a server given as argument: node openai.mjs http://127.0.0.1:PORT/openai/v1
import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { pathSchema, rejected, run } from './checks.mjs';

const client = new OpenAI({ apiKey: 'sk-test', baseURL: process.argv[2], maxRetries: 0 });
const model = 'local-model';
const say = (content, more = {}) => ({ model, messages: [{ role: 'user', content }], ...more });
const tools = [{ type: 'function', function: { name: 'file_reader', parameters: pathSchema } }];

await run({
  async unary() {
    const answer = await client.chat.completions.create(say('Tell me about tides'));
    assert.equal(answer.model, `simulated-${model}`);
    assert.equal(answer.choices[0].finish_reason, 'stop');
    assert.ok(answer.usage.total_tokens > 0);
  },
  async streaming() {
    const chunks = [];
    for await (const chunk of await client.chat.completions.create(say('Tell me about tides', { stream: true, stream_options: { include_usage: true } }))) chunks.push(chunk);
    assert.equal(chunks.at(-1).choices.length, 0);
    assert.ok(chunks.at(-1).usage.completion_tokens > 0);
    assert.equal(chunks.at(-2).choices[0].finish_reason, 'stop');
  },
  async 'stream helper assembles tool fragments'() {
    const final = await client.chat.completions.stream(say('Use file_reader on a.cs', { tools })).finalChatCompletion();
    assert.equal(final.choices[0].finish_reason, 'tool_calls');
    assert.deepEqual(JSON.parse(final.choices[0].message.tool_calls[0].function.arguments), { path: 'a.cs' });
  },
  async tools() {
    const answer = await client.chat.completions.create(say('anything', { tools, tool_choice: { type: 'function', function: { name: 'file_reader' } } }));
    assert.match(answer.choices[0].message.tool_calls[0].id, /^call_/);
    assert.equal(answer.choices[0].message.content, null);
  },
  async 'errors by status'() {
    const expected = {
      401: OpenAI.AuthenticationError,
      '404-model': OpenAI.NotFoundError,
      422: OpenAI.UnprocessableEntityError,
      '429-requests': OpenAI.RateLimitError,
      500: OpenAI.InternalServerError,
      '502-html': OpenAI.InternalServerError,
      503: OpenAI.InternalServerError,
    };
    for (const [fault, type] of Object.entries(expected)) {
      const error = await rejected(() => client.chat.completions.create(say(`play ${fault}`)));
      assert.ok(error instanceof type, `${fault}: ${error}`);
    }
  },
  async 'error inside a stream'() {
    const stream = await client.chat.completions.create(say('play mid-stream-error', { stream: true }));
    const error = await rejected(async () => { for await (const _ of stream); });
    assert.match(String(error.message), /server had an error/);
  },
  async 'cut streams'() {
    const cut = await client.chat.completions.create(say('play cut', { stream: true }));
    await rejected(async () => { for await (const _ of cut); });
    // This client ends a stream that was closed in order without complaint: whoever uses it has to look for the finish_reason.
    let finish = null;
    for await (const chunk of await client.chat.completions.create(say('play cut-clean', { stream: true }))) finish ??= chunk.choices[0]?.finish_reason;
    assert.equal(finish, null);
  },
  async 'bytes split inside a character'() {
    let text = '';
    for await (const chunk of await client.chat.completions.create(say('play split-utf8', { stream: true }))) text += chunk.choices[0]?.delta.content ?? '';
    assert.match(text, /Größe 日本語/);
  },
  async models() {
    const ids = [];
    for await (const entry of client.models.list()) ids.push(entry.id);
    assert.ok(ids.length > 0);
  },
});
