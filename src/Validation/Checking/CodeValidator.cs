namespace Platform.Validation;

/// <summary>Says whether code is valid, file by file: compiled or parsed, never run. Safe to use from many threads.</summary>
public sealed class CodeValidator
{
    private readonly ValidationOptions options;
    private readonly Dictionary<string, ISyntaxChecker> checkers;
    private readonly VerdictCache<Verdict> known;

    /// <summary>A validator with fixed options; it keeps verdicts by content, so keep it.</summary>
    public CodeValidator(ValidationOptions options)
    {
        this.options = options;
        known = new VerdictCache<Verdict>(options.CachedReports, v => v.State != SyntaxState.Unchecked || v.Diagnostics.Count > 0);
        checkers = new Dictionary<string, ISyntaxChecker>
        {
            ["csharp"] = new CSharpChecker(options),
            ["python"] = new PythonChecker(options),
            ["javascript"] = new JavaScriptChecker(options),
            ["typescript"] = new CommandChecker(options, CheckCommands.TypeScript),
            ["go"] = new GoChecker(options),
            ["rust"] = new CommandChecker(options, CheckCommands.Rust),
            ["java"] = new CommandChecker(options, CheckCommands.Java),
            ["shell"] = new CommandChecker(options, CheckCommands.Shell),
            ["sql"] = new SqlChecker(options),
            ["json"] = new JsonChecker(),
            ["yaml"] = new YamlChecker(options),
            ["xml"] = new HtmlChecker(options, new XmlChecker()),
            ["markdown"] = new ProseChecker(),
            ["text"] = new HtmlChecker(options, new ProseChecker()),
        };
    }

    /// <summary>The options it was made with.</summary>
    internal ValidationOptions Options => options;

    /// <summary>Checks the files of each language together, so that they may use each other. A tool that is not installed gives <see cref="SyntaxState.Unchecked"/>.</summary>
    /// <exception cref="ArgumentException">Too many files, a file too long, an unknown language, an unsafe path, or two files of one path.</exception>
    public async Task<ValidationReport> ValidateAsync(IReadOnlyList<SourceFile> files, CancellationToken token)
    {
        Guard(files);
        var reports = new FileReport[files.Count];
        foreach (var group in files.Select((file, at) => (file, at)).GroupBy(f => f.file.Language))
        {
            var members = group.ToList();
            var checker = checkers[group.Key];
            var verdicts = await known.GetAsync(group.Key, [.. members.Select(m => m.file)], !checker.JudgesAlone, asked => checker.CheckAsync(asked, token));
            foreach (var ((file, at), verdict) in members.Zip(verdicts))
                reports[at] = new FileReport(file.Path, file.Language, verdict.State, verdict.Reason, verdict.Diagnostics, []);
        }
        return new ValidationReport(reports);
    }

    /// <summary>Refuses what no checker should be given.</summary>
    internal void Guard(IReadOnlyList<SourceFile> files)
    {
        if (files.Count > options.MaxFiles)
            throw new ArgumentException($"{files.Count} files were given; the limit is {options.MaxFiles}.", nameof(files));
        var paths = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            if (file.Text.Length > options.MaxFileLength)
                throw new ArgumentException($"The file '{file.Path}' has {file.Text.Length} characters; the limit is {options.MaxFileLength}.", nameof(files));
            if (!checkers.ContainsKey(file.Language))
                throw new ArgumentException($"The file '{file.Path}' has the unknown language '{file.Language}'; known are {string.Join(", ", Languages.All)}.", nameof(files));
            if (PathHint.Safe(file.Path) is null)
                throw new ArgumentException($"The path '{file.Path}' is not a relative path of ordinary characters.", nameof(files));
            if (!paths.Add(file.Path))
                throw new ArgumentException($"The path '{file.Path}' is given twice.", nameof(files));
        }
    }
}
