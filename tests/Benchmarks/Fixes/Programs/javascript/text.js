function words(text) {
  return text.toLowerCase().match(/[a-z']+/g) || [];
}

function countWords(text) {
  const counts = new Map();
  for (const word of words(text)) {
    counts.set(word, (counts.get(word) || 0) + 1);
  }
  return counts;
}

function mostCommon(text, limit) {
  const entries = Array.from(countWords(text).entries());
  entries.sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
  return entries.slice(0, limit).map(([word]) => word);
}

function isPalindrome(text) {
  const letters = text.toLowerCase().replace(/[^a-z]/g, '');
  return letters === letters.split('').reverse().join('');
}

function caesar(text, shift) {
  let result = '';
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 97 && code <= 122) {
      result += String.fromCharCode((code - 97 + shift) % 26 + 97);
    } else {
      result += text[i];
    }
  }
  return result;
}
