const answer = (files) => files.map(({ text, module }) => errorOf(text, module));
