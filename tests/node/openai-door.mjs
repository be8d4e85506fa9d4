// The official OpenAI client against the platform's own door: node openai-door.mjs http://127.0.0.1:PORT KEY
import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { rejected, run } from './checks.mjs';

const [address, key] = process.argv.slice(2);
const client = new OpenAI({ apiKey: key, baseURL: `${address}/v1`, maxRetries: 0 });
const say = (model, content, more = {}) => ({ model, messages: [{ role: 'user', content }], ...more });
const task = 'Write a C# function that adds two integers';

await run({
  async 'lists models'() {
    const ids = [];
    for await (const model of client.models.list()) ids.push(model.id);
    assert.ok(ids.includes('platform') && ids.includes('platform-text'));
    assert.equal((await client.models.retrieve('platform')).owned_by, 'platform');
  },
  async 'code is answered when it is checked'() {
    const { data, response } = await client.chat.completions.create(say('platform', task, { metadata: { language: 'csharp', team: 'red' } })).withResponse();
    assert.equal(data.object, 'chat.completion');
    assert.equal(data.model, 'platform');
    assert.match(data.choices[0].message.content, /```/);
    assert.equal(data.choices[0].finish_reason, 'stop');
    assert.ok(data.usage.prompt_tokens > 0 && data.usage.completion_tokens > 0);
    assert.equal(data.usage.total_tokens, data.usage.prompt_tokens + data.usage.completion_tokens);
    assert.equal(data.platform.simulated, true);
    assert.equal(data.platform.checked, 'ok');
    assert.equal(response.headers.get('x-platform-job'), data.platform.job);
    assert.equal(data.id, `chatcmpl-${data.platform.job}`);
  },
  async 'code as a stream is the same text in the end'() {
    const chunks = [];
    for await (const chunk of await client.chat.completions.create(say('platform-instructions', task, { stream: true, stream_options: { include_usage: true } }))) chunks.push(chunk);
    assert.equal(chunks[0].choices[0].delta.role, 'assistant');
    assert.match(chunks.flatMap(chunk => chunk.choices.map(choice => choice.delta.content ?? '')).join(''), /```/);
    assert.equal(chunks.at(-2).choices[0].finish_reason, 'stop');
    assert.equal(chunks.at(-1).choices.length, 0);
    assert.ok(chunks.at(-1).usage.completion_tokens > 0);
  },
  async 'text is streamed as it is written'() {
    const stream = client.chat.completions.stream(say('platform-text', 'Tell me about tides'));
    let pieces = 0;
    stream.on('content', () => pieces++);
    const final = await stream.finalChatCompletion();
    assert.ok(pieces > 1, `${pieces} pieces`);
    assert.ok(final.choices[0].message.content.length > 0);
  },
  async 'turns and standing instructions are taken'() {
    const answer = await client.chat.completions.create({
      model: 'platform-text-fast',
      messages: [{ role: 'system', content: 'Be brief.' }, { role: 'user', content: 'What is a tide?' }, { role: 'assistant', content: 'Water that rises.' }, { role: 'user', content: [{ type: 'text', text: 'And why?' }] }],
    });
    assert.ok(answer.choices[0].message.content.length > 0);
  },
  async 'the same idempotency key is the same job'() {
    const options = { headers: { 'Idempotency-Key': 'once' } };
    const [first, second] = [await client.chat.completions.create(say('platform-text', 'Only once'), options), await client.chat.completions.create(say('platform-text', 'Only once'), options)];
    assert.equal(first.id, second.id);
    assert.equal(first.choices[0].message.content, second.choices[0].message.content);
  },
  async 'errors are those the client knows'() {
    const refused = [
      [say('gpt-4o', 'x'), OpenAI.NotFoundError, /model 'gpt-4o' is unknown/],
      [{ model: 'platform' }, OpenAI.BadRequestError, /messages must be an array/],
      [{ model: 'platform', messages: [{ role: 'robot', content: 'x' }] }, OpenAI.BadRequestError, /messages\[0\]\.role is 'robot'/],
      [{ model: 'platform', messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:,' } }] }] }, OpenAI.BadRequestError, /messages\[0\]\.content\[0\]/],
      [say('platform', 'x', { n: 2 }), OpenAI.BadRequestError, /n is 2/],
      [say('platform', 'x', { max_tokens: -1 }), OpenAI.BadRequestError, /max_tokens is -1/],
      [say('platform', 'x', { tools: [{ type: 'function', function: { name: 'f', parameters: {} } }] }), OpenAI.BadRequestError, /tools are not called/],
      [say('platform', 'x', { metadata: { language: 'klingon' } }), OpenAI.BadRequestError, /klingon/],
      [say('platform', 'x', { stream: 'yes' }), OpenAI.BadRequestError, /stream must be true or false/],
    ];
    for (const [body, type, message] of refused) {
      const error = await rejected(() => client.chat.completions.create(body));
      assert.ok(error instanceof type, `${error?.constructor?.name}: ${error?.message}`);
      assert.match(error.message, message);
    }
    const raw = await fetch(`${address}/v1/chat/completions`, { method: 'POST', headers: { authorization: `Bearer ${key}` }, body: '{' });
    assert.equal(raw.status, 400);
    assert.equal((await raw.json()).error.code, 'invalid_json');
  },
  async 'a wrong key is an authentication error'() {
    const stranger = new OpenAI({ apiKey: 'wrong', baseURL: `${address}/v1`, maxRetries: 0 });
    const error = await rejected(() => stranger.chat.completions.create(say('platform', 'x')));
    assert.ok(error instanceof OpenAI.AuthenticationError);
    assert.match(error.message, /valid key is required/);
  },
  async 'a client that leaves cancels its job'() {
    const leaving = new AbortController();
    const stream = await client.chat.completions.create(say('platform-text', 'Tell me slowly about tides'), { signal: leaving.signal }).catch(error => error);
    assert.ok(stream);
    const open = await client.chat.completions.create(say('platform-text', 'Tell me about tides again', { stream: true }), { signal: leaving.signal });
    for await (const chunk of open) { assert.ok(chunk); leaving.abort(); break; }
  },
});
