using System.IO.Compression;
using Grpc.Core;

namespace Platform.Inference;

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
