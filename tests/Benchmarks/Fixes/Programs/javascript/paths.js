const path = require('node:path');
const util = require('node:util');

const levels = ['debug', 'info', 'warn'];

function fileOf(folder, name) {
  return path.posix.join(folder, `${name}.log`);
}

function parse(line) {
  const match = /^\[(\w+)\] (.*)$/.exec(line);
  if (!match) {
    return null;
  }
  const [, level, message] = match;
  return { level, message, rank: levels.indexOf(level) };
}

function filter(lines, level) {
  const lowest = levels.indexOf(level);
  return lines.map(parse).filter((entry) => entry !== null && entry.rank >= lowest);
}

function show(entry) {
  switch (entry.level) {
    case 'warn':
      return util.format('! %s', entry.message);
    case 'info':
      return entry.message;
    default:
      return '';
  }
}
