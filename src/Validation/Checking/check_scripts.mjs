const answer = (files) => files.map(({ text, module }) => {
  const error = errorOf(text, module);
  return { error, unknown: error === null ? unknownIn(text, module) : [] };
});
