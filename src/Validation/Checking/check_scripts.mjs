const answer = (files) => files.map((file) => {
  const { error, module } = readAs(file);
  return { error, unknown: error === null ? unknownIn(file.text, module) : [] };
});
