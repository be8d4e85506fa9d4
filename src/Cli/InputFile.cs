using System.Text;

namespace Platform.Cli;

/// <summary>Reads files that a user names: bounded, and UTF-8 or refused.</summary>
internal static class InputFile
{
    private const long MaxBytes = 64L * 1024 * 1024;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text of a file.</summary>
    /// <exception cref="CommandException">It is missing, too large or not UTF-8.</exception>
    public static async Task<string> ReadTextAsync(string path, CancellationToken token)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new CommandException(ExitCodes.WrongUsage, $"'{path}' does not exist.");
        if (file.Length > MaxBytes)
            throw new CommandException(ExitCodes.WrongUsage, $"'{path}' has {file.Length:N0} bytes; the limit is {MaxBytes:N0}.");
        try
        {
            return Strict.GetString(await File.ReadAllBytesAsync(path, token)).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException e)
        {
            throw new CommandException(ExitCodes.WrongUsage, $"'{path}' is not valid UTF-8 (byte {e.Index}).");
        }
    }
}
