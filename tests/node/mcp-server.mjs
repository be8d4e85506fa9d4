// An operator's MCP server, written with the official package: tools that echo, list the environment's names, and end the process.
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { z } from 'zod';

const server = new McpServer({ name: 'desk', version: '1.0.0' });
const say = (text) => ({ content: [{ type: 'text', text }] });

server.registerTool('echo', { description: 'Says a text again.', inputSchema: { text: z.string() } }, async ({ text }) => say(`you said ${text}`));
server.registerTool('environment', { description: 'Names of the environment variables.', inputSchema: {} }, async () => say(Object.keys(process.env).sort().join(' ')));
server.registerTool('crash', { description: 'Ends the server.', inputSchema: {} }, async () => process.exit(1));

await server.connect(new StdioServerTransport());
