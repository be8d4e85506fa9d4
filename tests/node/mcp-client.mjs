// Calls `platform mcp` as an editor would, with the official package: node mcp-client.mjs COMMAND ARGUMENTS...
import assert from 'node:assert/strict';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { run } from './checks.mjs';

const [command, ...args] = process.argv.slice(2);
const client = new Client({ name: 'editor', version: '1.0.0' });
await client.connect(new StdioClientTransport({ command, args, env: process.env }));
const call = async (name, parameters) => {
  const reply = await client.callTool({ name, arguments: parameters });
  return { text: reply.content.map((part) => part.text).join('\n'), failed: reply.isError === true };
};

await run({
  async 'tools: named, described, told apart'() {
    const { tools } = await client.listTools();
    assert.deepEqual(tools.map((tool) => tool.name).sort(), ['platform_check_post', 'platform_fix', 'platform_generate', 'platform_search', 'platform_validate']);
    assert.ok(tools.every((tool) => tool.description.length > 20));
  },

  async 'validate: says what is wrong and where'() {
    const { text } = await call('platform_validate', { path: 'A.cs', code: 'class A { int M() => "x"; }' });
    assert.match(text, /A\.cs\(1,\d+\): error CS0029/);
    assert.equal((await call('platform_validate', { path: 'A.cs', code: 'class A { }' })).text, 'ok');
  },

  async 'fix: gives the mended file'() {
    const { text } = await call('platform_fix', { path: 'A.cs', code: 'class A { string M(string value) => valeu; }' });
    assert.match(text, /=> value;/);
  },

  async 'check_post: counts as the platform counts'() {
    assert.match((await call('platform_check_post', { platform: 'x', text: 'Größe 👩‍👩‍👧' })).text, /^valid: 8 of 280/);
    assert.ok((await call('platform_check_post', { platform: 'nowhere', text: 'x' })).failed);
  },

  async 'search: an empty memory says what to do'() {
    assert.match((await call('platform_search', { query: 'slug of a title' })).text, /platform index/);
  },

  async 'generate: proof and code, simulated said so'() {
    const { text, failed } = await call('platform_generate', { task: 'Write a function that adds two numbers.', language: 'python' });
    assert.ok(!failed, text);
    assert.match(text, /succeeded.*simulated/);
    assert.match(text, /def /);
  },
});
await client.close();
