// Says of many texts at once where the parser stumbles: 0 for nowhere, else the line.
const answer = ({ texts, ...form }) => texts.map((text) => {
  const { error } = readAs({ text, ...form });
  return error === null ? 0 : Math.max(1, error.line);
});
