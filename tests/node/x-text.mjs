// Reads texts as the open implementation of the specification does, for comparison with ours.
// node x-text.mjs SEED COUNT FILE; writes to FILE one JSON line a text: how it is counted, and what is found in it.
import { writeFileSync } from 'node:fs';
import twitter from 'twitter-text';

const [seed, count, file] = [Number(process.argv[2]), Number(process.argv[3]), process.argv[4]];

let state = seed;
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
}
const pick = list => list[Math.floor(random() * list.length)];

const words = ['hello', 'World', 'été', 'Straße', '日本語', 'こんにちは', 'テスト', '한국어', 'русский', 'العربية', 'עברית', 'ไทย', 'e\u0301', 'ﬁ', 'Ａｂｃ', '１２３', '𝒳𝒴', 'a'.repeat(30), '123', '_', 'x_1', 'foo-bar',
  'a.b', 'a/b', 'co', 'com', 'example', 'हिन्दी', 'İ', 'ǆ', '\u1100\u1161', '가', 'ß', '0', '7up'];
const schemes = ['', '', 'http://', 'https://', 'HTTP://', 'Https://', 'ftp://', 'htt://'];
const hosts = ['example.com', 't.co', 'www.example.co.jp', 'a.b.c.org', 'xn--fsq.com', '例え.jp', '日本語.com', '例え.テスト', 'münchen.de', 'foo_bar.example.com', 'foo-.com', '-foo.com', 'sub_.dom.net', 'EXAMPLE.COM', 'example.comé',
  'example.con', 'test.みんな', 'test.рф', 'пример.рф', '1.2.3.4', 'localhost', 'a.co', 'foo.co.uk', 'x.y', 'www.日本.co', 'example.中国', 'foo.bar', 'go.ai', 'node.js', 'Program.cs', 'readme.md', 'a..com', 'test.com.', 'ex.com:80',
  'ex.com:99999', 'com.com', 't.co/aBc123', 'https.com'];
const paths = ['', '', '/', '/path', '/a/b?c=d', '?q=1', '#frag', '/a_(b)', '/a_(b)_c', '/(x)', '/é', '/日本', '/a,b', '/a.', '/a!', '/a?', '/a-', '/a_', '/~u', '/@user', '/%20', '/a;b', '/a:b', '/a=b&c=d', '/?', '/?a=b#c', '/a(b(c)d)e',
  '/a(b', '/q?x=[1]', '/\u0430', '/a|b', "/a'b", '/#hash', '/x$', '/a*b'];
const tags = ['#tag', '#Tag1', '#1', '#_', '#_a', '#日本語', '#été', '＃全角', '#a-b', '#a.b', '##x', '#', '#\u0301a', '#tag\u200c', '#क्षि', '#a\u{1F600}', '#русский', '#עברית', '#a·b', '#１２', '#ſ', '#\u{20000}', '#ǅ', '#t’s', '#ﾃｽﾄ', '#a\ufe0f', '#a@b'];
const mentions = ['@user', '@User_1', '＠user', '@' + 'a'.repeat(20), '@' + 'a'.repeat(21), '@user/list', '@user/1list', '@user/' + 'l'.repeat(25), '@user/' + 'l'.repeat(26), '@', '@@x', '@user@x', 'a@b', '@é', '@useré', '@user://', 'RT@user', 'RT:@user',
  '!@user', '.@user', '@user.com', '@_', '＠user/list', '@user/', '@a/b/c', 'x@y.com'];
const cashtags = ['$T', '$TWTR', '$twtr', '$ABCDEFG', '$A.B', '$A_BC', '$A.BCD', '$1', '$', '$$T', '$T$U', '＄T', '$T1', '$A_', '$TWTR.'];
// Sequences that this implementation's table, older than the standard, knows.
const emoji = ['😀', '👍🏽', '👨‍👩‍👧‍👦', '🇩🇪', '🇩', '1️⃣', '❤️', '☺', '👩🏾‍🚀', '\u200d', '\ufe0f', '\u20e3', '©️', '™', '🤷🏼‍♀️', '🏳️‍🌈'];
const separators = [' ', ' ', ' ', ' ', '', '', '\n', '\t', '　', '、', '。', '，', '.', ',', '!', '?', ':', ';', '(', ')', '[', ']', '{', '}', '"', "'", '“', '”', '«', '-', '—', '/', '&', '@', '#', '\u200b', '\u200d', '\u00a0', '\u2028', '\u0301', '…',
  '・', '|', '<', '=', '+', '*', '$', '%', '^', '~', '`', '\\', '\u202a', '\ufeff', '\ufffe', '\u0000', '\u061c', '\u2060', '_', '\u200e'];
const kinds = [[0.3, () => pick(words)], [0.5, () => pick(schemes) + pick(hosts) + pick(paths)], [0.62, () => pick(tags)], [0.74, () => pick(mentions)], [0.82, () => pick(cashtags)], [1, () => pick(emoji)]];

function piece() {
  const which = random();
  return kinds.find(([share]) => which < share)[1]();
}

const lines = [];
for (let i = 0; i < count; i++) {
  let text = '';
  for (let left = 1 + Math.floor(random() * (random() < 0.1 ? 80 : 8)); left > 0; left--)
    text += (random() < 0.15 ? pick(separators) : '') + piece() + pick(separators);
  const counted = twitter.parseTweet(text);
  lines.push(JSON.stringify({
    text,
    count: [counted.weightedLength, counted.valid, counted.permillage, counted.validRangeEnd, counted.displayRangeEnd].join(' '),
    urls: twitter.extractUrlsWithIndices(text).map(found => [found.url, ...found.indices].join(' ')),
    hashtags: twitter.extractHashtagsWithIndices(text).map(found => [found.hashtag, ...found.indices].join(' ')),
    mentions: twitter.extractMentionsOrListsWithIndices(text).map(found => [found.screenName + found.listSlug, ...found.indices].join(' ')),
    cashtags: twitter.extractCashtagsWithIndices(text).map(found => [found.cashtag, ...found.indices].join(' ')),
    reply: twitter.extractReplies(text) ?? '',
  }));
}
writeFileSync(file, lines.join('\n') + '\n');
