using System.Text.RegularExpressions;

namespace Platform.Validation;

/// <summary>The external checkers, by language.</summary>
internal static partial class CheckCommands
{
    /// <summary>POSIX and bash scripts: <c>bash -n</c> reads and does not run.</summary>
    public static CheckCommand Shell { get; } = new("bash", files => ["--norc", "-n", .. files], ShellMessage());

    /// <summary>Go: <c>gofmt -e</c> reports all syntax errors.</summary>
    public static CheckCommand Go { get; } = new("gofmt", files => ["-e", "-l", .. files], GoMessage()) { Together = true };

    /// <summary>
    /// Go: <c>go vet</c> checks types and looks for what compiles and is wrong. Packages and other files of the same package that are not here are not the code's fault, nor are files
    /// for different systems, which vet reads as one where they are named; nothing is fetched, and no C compiler runs.
    /// </summary>
    public static CheckCommand GoVet { get; } = new("go", files => ["vet", .. files], GoVetMessage()) { Together = true, Ignored = UnknownGoPackage(), Remarks = GoRemark() };

    /// <summary>Rust: the compiler up to type checking; unknown crates are not the code's fault.</summary>
    public static CheckCommand Rust { get; } = new("rustc",
        files => ["--edition", "2021", "--crate-type", "lib", "--emit", "metadata", "--error-format", "short", "-A", "warnings", .. files], RustMessage())
    {
        Ignored = UnknownCrate(),
    };

    /// <summary>Java: the compiler without annotation processors; unknown packages are not the code's fault.</summary>
    public static CheckCommand Java { get; } = new("javac", files => ["-proc:none", "-encoding", "UTF-8", "-Xdiags:compact", "-d", ".", .. files], JavaMessage())
    {
        Together = true,
        Ignored = UnknownPackage(),
    };

    /// <summary>TypeScript: the compiler without emit; modules that are not here are not the code's fault.</summary>
    public static CheckCommand TypeScript { get; } = new("tsc",
        files => ["--noEmit", "--pretty", "false", "--target", "es2022", "--module", "esnext", "--moduleResolution", "bundler", "--skipLibCheck", .. files], TypeScriptMessage())
    {
        Together = true,
        Ignored = UnknownModule(),
    };

    [GeneratedRegex("""^(?<path>[^\n:]+): line (?<line>\d+): (?<message>.+)$""", RegexOptions.Multiline)]
    private static partial Regex ShellMessage();

    [GeneratedRegex("""^(?<path>[^\n:]+\.go):(?<line>\d+):(?<column>\d+): (?<message>.+)$""", RegexOptions.Multiline)]
    private static partial Regex GoMessage();

    [GeneratedRegex("""^(?:vet: )?(?<path>[^\n: ]+\.go):(?<line>\d+):(?<column>\d+): (?<message>.+)$""", RegexOptions.Multiline)]
    private static partial Regex GoVetMessage();

    [GeneratedRegex("""^(?!vet: )""")]
    private static partial Regex GoRemark();

    [GeneratedRegex("""could not import|cannot find package|is not in std|is not in GOROOT|no required module|: undefined: \w+\s*$| undefined \(type \*?\w+ has no|missing method |redeclared|other declaration of|already declared""")]
    private static partial Regex UnknownGoPackage();

    [GeneratedRegex("""^(?<path>[^\n:]+\.rs):(?<line>\d+):(?<column>\d+): error(?:\[(?<code>E\d+)\])?: (?<message>.+)$""", RegexOptions.Multiline)]
    private static partial Regex RustMessage();

    [GeneratedRegex("""error\[E043[23]\]""")]
    private static partial Regex UnknownCrate();

    [GeneratedRegex("""^(?<path>[^\n:]+\.java):(?<line>\d+): error: (?<message>.+)$""", RegexOptions.Multiline)]
    private static partial Regex JavaMessage();

    [GeneratedRegex("""package [\w.]+ does not exist|cannot find symbol|should be declared in a file named""")]
    private static partial Regex UnknownPackage();

    [GeneratedRegex("""^(?<path>[^\n(]+)\((?<line>\d+),(?<column>\d+)\): error (?<code>TS\d+): (?<message>.+)$""", RegexOptions.Multiline)]
    private static partial Regex TypeScriptMessage();

    [GeneratedRegex("""error TS(?:2307|2304|2503|2552|2580|2591|7016)""")]
    private static partial Regex UnknownModule();
}
