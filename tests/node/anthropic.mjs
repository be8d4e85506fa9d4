// The official Anthropic client against a server given as argument: node anthropic.mjs http://127.0.0.1:PORT
import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';
import { pathSchema, rejected, run } from './checks.mjs';

const baseURL = process.argv[2];
const client = new Anthropic({ apiKey: 'sk-ant-test', baseURL, maxRetries: 0 });
const model = 'claude-sonnet-5';
const say = (content, more = {}) => ({ model, max_tokens: 1024, messages: [{ role: 'user', content }], ...more });
const tools = [{ name: 'file_reader', input_schema: pathSchema }];

await run({
  async unary() {
    const answer = await client.messages.create(say('Tell me about tides'));
    assert.equal(answer.model, `simulated-${model}`);
    assert.equal(answer.stop_reason, 'end_turn');
    assert.match(answer.content[0].text, /simulated/);
    assert.ok(answer.usage.output_tokens > 0);
  },
  async 'stream helper'() {
    const stream = client.messages.stream(say('Tell me about tides'));
    let text = '';
    stream.on('text', (delta) => { text += delta; });
    const final = await stream.finalMessage();
    assert.equal(final.content[0].text, text);
    assert.equal(final.stop_reason, 'end_turn');
    assert.ok(final.usage.output_tokens > 1);
  },
  async 'thinking and tools in a stream'() {
    const final = await client.messages.stream(say('Use file_reader on src/Orders.cs', { max_tokens: 4096, tools, thinking: { type: 'enabled', budget_tokens: 1024 } })).finalMessage();
    assert.deepEqual(final.content.map((block) => block.type), ['thinking', 'tool_use']);
    assert.ok(final.content[0].signature.length > 0);
    assert.deepEqual(final.content[1].input, { path: 'src/Orders.cs' });
    assert.equal(final.stop_reason, 'tool_use');
  },
  async 'tool round trip'() {
    const first = await client.messages.create(say('anything', { tools, tool_choice: { type: 'tool', name: 'file_reader' } }));
    const call = first.content.find((block) => block.type === 'tool_use');
    const second = await client.messages.create({
      model,
      max_tokens: 256,
      tools,
      messages: [
        { role: 'user', content: 'anything' },
        { role: 'assistant', content: first.content },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: 'class Orders {}' }] },
      ],
    });
    assert.equal(second.stop_reason, 'end_turn');
  },
  async 'stop sequence'() {
    const answer = await client.messages.create(say('Tell me about tides', { stop_sequences: ['simulated'] }));
    assert.equal(answer.stop_reason, 'stop_sequence');
    assert.equal(answer.stop_sequence, 'simulated');
  },
  async 'errors by status'() {
    const expected = {
      401: Anthropic.AuthenticationError,
      '404-model': Anthropic.NotFoundError,
      '429-requests': Anthropic.RateLimitError,
      500: Anthropic.InternalServerError,
      '502-html': Anthropic.InternalServerError,
      529: Anthropic.InternalServerError,
    };
    for (const [fault, type] of Object.entries(expected)) {
      const error = await rejected(() => client.messages.create(say(`play ${fault}`)));
      assert.ok(error instanceof type, `${fault}: ${error}`);
    }
    assert.equal((await rejected(() => client.messages.create(say('play 529')))).error.error.type, 'overloaded_error');
    for (const status of [402, 408, 422]) {
      assert.equal((await rejected(() => client.messages.create(say(`play ${status}`)))).status, status);
    }
  },
  async 'invalid request'() {
    const error = await rejected(() => client.messages.create(say('x', { surprise: 1 })));
    assert.equal(error.status, 400);
    assert.match(error.message, /surprise: Extra inputs are not permitted/);
  },
  async 'error inside a stream'() {
    const stream = await client.messages.create(say('play mid-stream-error', { stream: true }));
    const error = await rejected(async () => { for await (const _ of stream); });
    assert.match(String(error.message), /overloaded_error/);
  },
  async 'cut streams'() {
    const error = await rejected(() => client.messages.stream(say('play cut-clean')).finalMessage());
    assert.ok(error instanceof Anthropic.AnthropicError, String(error));
    await rejected(() => client.messages.stream(say('play cut')).finalMessage());
  },
  async 'retry after an overload'() {
    const patient = new Anthropic({ apiKey: 'sk-ant-test', baseURL, maxRetries: 2 });
    const answer = await patient.messages.create(say('flaky once'));
    assert.equal(answer.content[0].text, 'recovered');
  },
});
