using System.IO.Compression;
using System.Text;
using Grpc.Core;
using Platform.Validation;

namespace Platform.Inference;

/// <summary>
/// The source files a job may see: what came with the request over an uploaded bundle or, embedded, a folder. Reading only; files
/// that hold secrets, binaries and build output do not exist here, and no path leads out.
/// </summary>
internal sealed class Workspace
{
    private readonly SortedDictionary<string, Func<string?>> files = new(StringComparer.Ordinal);

    /// <summary>Whether there is any file.</summary>
    public bool IsEmpty => files.Count == 0;

    /// <summary>Paths in order.</summary>
    public IReadOnlyCollection<string> Paths => files.Keys;

    /// <summary>The text of a file; null when there is none of that path or it is no text.</summary>
    public string? Read(string path) => files.TryGetValue(Normalise(path), out var read) ? read() : null;

    /// <summary>The file, or null.</summary>
    public CodeFile? File(string path) => Read(path) is { } text ? new CodeFile(Normalise(path), Languages.FromPath(path), text) : null;

    /// <summary>All files of a language, as long as they stay within so many characters.</summary>
    public IReadOnlyList<CodeFile> OfLanguage(string language, int mostCharacters)
    {
        var found = new List<CodeFile>();
        foreach (var path in files.Keys.Where(path => Languages.FromPath(path) == language))
        {
            if (File(path) is not { } file)
                continue;
            mostCharacters -= file.Text.Length;
            if (mostCharacters < 0)
                return [];
            found.Add(file);
        }

        return found;
    }

    /// <summary>Adds a file, unless it may not be seen.</summary>
    public void Add(string path, Func<string?> read)
    {
        path = Normalise(path);
        if (WorkspaceRules.MayShow(path))
            files[path] = read;
    }

    /// <summary>A path as this type spells it; backslashes and a leading "./" are forgiven, nothing else.</summary>
    public static string Normalise(string path)
    {
        path = path.Trim().Replace('\\', '/');
        return path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path;
    }
}

/// <summary>What of a workspace an engine may see.</summary>
internal static class WorkspaceRules
{
    /// <summary>Most bytes of one file; larger ones are no source.</summary>
    public const int MaxFileBytes = 1024 * 1024;

    /// <summary>Most files.</summary>
    public const int MaxFiles = 20_000;

    private static readonly HashSet<string> HiddenFolders = new(StringComparer.OrdinalIgnoreCase)
    {
        ".git", ".platform", ".ssh", ".aws", ".azure", ".gnupg", ".kube", ".docker", ".vs", ".idea", "node_modules", "bin", "obj", "__pycache__", ".venv", "venv",
    };

    private static readonly HashSet<string> HiddenNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", ".netrc", ".npmrc", ".pypirc", ".pgpass", "secrets.json", "credentials", "credentials.json", "secrets.yaml", "secrets.yml",
        "service-account.json", "kubeconfig", ".htpasswd",
    };

    private static readonly HashSet<string> HiddenExtensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".pem", ".key", ".pfx", ".p12", ".jks", ".keystore", ".kdbx", ".asc", ".ppk", ".der", ".tfstate", ".tfvars",
    };

    /// <summary>Whether a path stays inside, and is none of those that hold secrets or are no source.</summary>
    public static bool MayShow(string path)
    {
        var segments = path.Split('/');
        if (path.Length is 0 or > 400 || path.Any(char.IsControl) || path.Contains(':') || segments.Any(segment => segment.Length == 0 || segment is "." or ".."))
            return false;
        var name = segments[^1];
        return !segments.SkipLast(1).Any(HiddenFolders.Contains)
            && !HiddenNames.Contains(name)
            && !HiddenExtensions.Contains(Path.GetExtension(name))
            && !(name.Equals(".env", StringComparison.OrdinalIgnoreCase) || (name.StartsWith(".env.", StringComparison.OrdinalIgnoreCase) && !name.EndsWith("example", StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>Bytes as text; null when they are none.</summary>
    public static string? ToText(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        return bytes.Contains((byte)0) || !System.Text.Unicode.Utf8.IsValid(bytes) ? null : Encoding.UTF8.GetString(bytes);
    }
}

/// <summary>Opens the workspace of a job.</summary>
internal sealed class Workspaces(LedgerClient ledger)
{
    private const int MaxBundleBytes = 256 * 1024 * 1024;
    private const long MaxExpandedBytes = 256L * 1024 * 1024;

    /// <summary>Everything the job may see.</summary>
    /// <exception cref="JobException">The bundle or folder cannot be read.</exception>
    public async Task<Workspace> OpenAsync(JobRun run, CancellationToken token)
    {
        var workspace = new Workspace();
        if (run.Request.WorkspaceId.Length > 0)
            await AddBundleAsync(workspace, run, token);
        if (run.Request.WorkspacePath.Length > 0)
            AddFolder(workspace, run.Request.WorkspacePath);
        foreach (var file in run.Request.Files)
            workspace.Add(file.Path, () => file.Text);
        return workspace;
    }

    private async Task AddBundleAsync(Workspace workspace, JobRun run, CancellationToken token)
    {
        try
        {
            var bytes = await ledger.FetchWorkspaceAsync(run.Request.WorkspaceId, run.Tenant, MaxBundleBytes, token);
            using var zip = new ZipArchive(new MemoryStream(bytes, writable: false), ZipArchiveMode.Read);
            var left = MaxExpandedBytes;
            foreach (var entry in zip.Entries.Where(entry => entry.Name.Length > 0).Take(WorkspaceRules.MaxFiles))
            {
                if (!WorkspaceRules.MayShow(entry.FullName) || entry.Length > WorkspaceRules.MaxFileBytes || (left -= entry.Length) < 0)
                    continue;
                var text = await ReadAsync(entry, token);
                if (text is not null)
                    workspace.Add(entry.FullName, () => text);
            }
        }
        catch (Exception failure) when (failure is InvalidDataException or RpcException { StatusCode: StatusCode.NotFound or StatusCode.PermissionDenied })
        {
            throw new JobException(FailureCodes.Workspace, $"workspace_id: '{run.Request.WorkspaceId}' cannot be read. {failure.Message}", transient: false, failure);
        }
        catch (RpcException) when (token.IsCancellationRequested)
        {
            throw new OperationCanceledException(token);
        }
        catch (RpcException failure)
        {
            throw new JobException(FailureCodes.Workspace, $"workspace_id: '{run.Request.WorkspaceId}' could not be fetched ({failure.StatusCode}).", transient: true, failure);
        }
    }

    private static async Task<string?> ReadAsync(ZipArchiveEntry entry, CancellationToken token)
    {
        // The length in the archive's index is a claim: never read more than it says.
        var bytes = new byte[entry.Length];
        await using var content = await entry.OpenAsync(token);
        var read = await content.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, token);
        return WorkspaceRules.ToText(bytes.AsSpan(0, read));
    }

    private static void AddFolder(Workspace workspace, string folder)
    {
        var root = new DirectoryInfo(folder);
        if (!root.Exists)
            throw new JobException(FailureCodes.Workspace, $"workspace_path: '{folder}' does not exist on this host.", transient: false);
        // Links are not followed: they could lead anywhere.
        var walk = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.System, IgnoreInaccessible = true };
        foreach (var file in root.EnumerateFiles("*", walk).Where(file => file.Length <= WorkspaceRules.MaxFileBytes).Take(WorkspaceRules.MaxFiles))
            workspace.Add(Path.GetRelativePath(root.FullName, file.FullName), () => ReadFile(root, file.FullName));
    }

    /// <summary>Reads at the moment of asking, and looks again for links: the folder may have changed since it was listed.</summary>
    private static string? ReadFile(DirectoryInfo root, string path)
    {
        for (var at = new FileInfo(path) as FileSystemInfo; at is not null && at.FullName.Length > root.FullName.Length; at = Directory.GetParent(at.FullName))
        {
            if (at.LinkTarget is not null)
                return null;
        }

        try
        {
            var bytes = File.ReadAllBytes(path);
            return bytes.Length > WorkspaceRules.MaxFileBytes ? null : WorkspaceRules.ToText(bytes);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
