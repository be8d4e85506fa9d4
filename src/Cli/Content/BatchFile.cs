namespace Platform.Cli;

/// <summary>The rows of a batch as a file that can be read twice: once to say what they take, once to send them. Standard input is kept in a private file meanwhile.</summary>
internal sealed class BatchFile : IDisposable
{
    private readonly bool _temporary;

    private BatchFile(string path, bool temporary) => (Path, _temporary) = (path, temporary);

    /// <summary>Where the rows are.</summary>
    public string Path { get; }

    /// <summary>Opens a file, or standard input for '-'.</summary>
    /// <exception cref="CommandException">There is no such file.</exception>
    public static async Task<BatchFile> OpenAsync(string given, CancellationToken token)
    {
        if (given != "-")
            return File.Exists(given) ? new(given, temporary: false) : throw new CommandException(ExitCodes.WrongUsage, $"'{given}' does not exist.");
        var file = new BatchFile(System.IO.Path.GetTempFileName(), temporary: true);
        try
        {
            await using var kept = new StreamWriter(file.Path);
            while (await Console.In.ReadLineAsync(token) is { } line)
                await kept.WriteLineAsync(line.AsMemory(), token);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (_temporary)
            File.Delete(Path);
    }
}
