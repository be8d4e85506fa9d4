using System.Text.Json;

namespace Platform.Validation;

/// <summary>One sort of worker: the interpreter, how it is started, and what it knows.</summary>
/// <param name="Program">The interpreter's name, also in reasons.</param>
/// <param name="Command">How the interpreter at a path is started.</param>
/// <param name="Scripts">The texts of the scripts by what they are asked about; parts of one follow each other and share their names.</param>
internal sealed record WorkerKind(string Program, Func<string, ChildCommand> Command, IReadOnlyDictionary<string, string[]> Scripts)
{
    private readonly Lazy<string> firstLine = new(() => JsonSerializer.Serialize(Scripts.ToDictionary(s => s.Key, s => string.Join('\n', s.Value.Select(Embedded.Text)))));

    /// <summary>Python's standard library alone.</summary>
    public static WorkerKind Python { get; } = new("python3", program => PythonCommand(program, "-I", "-S"), new Dictionary<string, string[]>
    {
        ["check"] = ["check.py"],
        ["fix"] = ["fix_python.py"],
        ["scan"] = ["scan_tables.py", "scan_tree.py", "scan_rules.py", "scan_python.py"],
    });

    /// <summary>Python with the packages that are installed.</summary>
    public static WorkerKind PythonPackages { get; } = new("python3", program => PythonCommand(program, "-I"), new Dictionary<string, string[]> { ["yaml"] = ["check_yaml.py"] });

    /// <summary>Node.</summary>
    public static WorkerKind Node { get; } = new("node", NodeCommand, new Dictionary<string, string[]>
    {
        ["check"] = ["script_error.mjs", "script_names.mjs", "check_scripts.mjs"],
        ["parse"] = ["script_error.mjs", "parse_scripts.mjs"],
    });

    /// <summary>The first line a worker reads: its scripts.</summary>
    public string FirstLine => firstLine.Value;

    private static ChildCommand PythonCommand(string program, params string[] flags) =>
        new(program, [.. flags, "-u", "-c", Embedded.Text("worker.py")]) { Environment = CommandChecker.Environment(program) };

    // Python's worker limits itself; Node cannot. What it is asked about is compiled in its own heap, which has a limit too.
    private static ChildCommand NodeCommand(string program)
    {
        string[] node = [program, "--no-warnings", "--experimental-vm-modules", "--expose-internals", "--max-old-space-size=512", "--input-type=module", "-e", Embedded.Text("worker.mjs")];
        string[] limited = Tool.Find("prlimit") is { } limits ? [limits, "--data=1073741824", "--fsize=0", "--core=0", "--", .. node] : node;
        return new(limited[0], limited[1..]) { Environment = CommandChecker.Environment(program), Folder = Path.GetPathRoot(Path.GetTempPath()) };
    }
}
