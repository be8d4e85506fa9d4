// Counts graphemes as the Unicode library of this runtime does, for comparison with ours.
// node graphemes.mjs SEED COUNT FILE; writes one JSON line a text.
import { writeFileSync } from 'node:fs';

const [seed, count, file] = [Number(process.argv[2]), Number(process.argv[3]), process.argv[4]];
let state = seed;
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
}
const pick = list => list[Math.floor(random() * list.length)];
const pieces = [...'aéक्षिनमस्तेहिन्दीবাংলাગુજરાતીତ୍ରతెలుగుമലയാളംမြန်မာខ្មែរไทยล้าน한국어각日本語'].concat(['\u094d', '\u200d', '\u200c', '\u09cd', '\u0d4d', '\u0301', '\u093e', '\u093c', '\ufe0f', '\u20e3', '1', '#', '👍', '🏽', '👨‍👩‍👧', '🇩', '🇪', '❤️', '\r', '\n', '\r\n', ' ', '\u0000', '\u0600', '\u1039', '\u17d2', '𑄴', '𑄇', '🏴󠁧󠁢󠁥󠁮󠁧󠁿']);
const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

const lines = [];
for (let i = 0; i < count; i++) {
  let text = '';
  for (let left = 1 + Math.floor(random() * 12); left > 0; left--) text += pick(pieces);
  lines.push(JSON.stringify({ text, lengths: [...segmenter.segment(text)].map(found => found.segment.length) }));
}
writeFileSync(file, lines.join('\n') + '\n');
