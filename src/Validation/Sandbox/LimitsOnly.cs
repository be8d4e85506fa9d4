namespace Platform.Validation;

/// <summary>No wall at all, only limits: for machines without namespaces, and only when the operator allows it.</summary>
internal sealed class LimitsOnly : IWall
{
    public string? Missing => null;

    public ChildCommand Build(SandboxCommand command, InputFolder input, SandboxOptions options)
    {
        var environment = Inside.EnvironmentOf(command, input.Path);
        environment["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin";
        environment["TMPDIR"] = input.Path;
        // The paths inside do not exist here: the input folder itself stands for both of them.
        var arguments = command.Arguments.Select(a => a.Replace(Sandbox.InputPath + "/", input.Path + "/").Replace(Sandbox.WorkPath + "/", input.Path + "/")).ToList();
        if (Tool.Find("prlimit") is not { } prlimit)
            return new ChildCommand(arguments[0], arguments[1..]) { Environment = environment, Folder = input.Path };
        var limits = command.Limits;
        string[] limited = ["--core=0", $"--fsize={limits.FileBytes}", $"--data={limits.MemoryBytes}", "--"];
        return new ChildCommand(prlimit, [.. limited, .. arguments]) { Environment = environment, Folder = input.Path };
    }
}
