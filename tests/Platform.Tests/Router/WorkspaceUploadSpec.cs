using System.Buffers.Binary;
using System.IO.Compression;
using Google.Protobuf;
using Grpc.Core;
using Platform.Contracts;
using Platform.Tests.Host;
using Platform.V1;

namespace Platform.Tests.Router;

/// <summary>Uploaded workspaces: kept by content, and refused when they are not what they should be.</summary>
public sealed class WorkspaceUploadSpec : IAsyncLifetime
{
    private const int MostBytes = 200_000;
    private const int SymbolicLink = 0xA1FF << 16;
    private TestHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _host = await TestHost.StartAsync("router", new Dictionary<string, string?> { ["Router:MaxWorkspaceBytes"] = $"{MostBytes}" });

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Upload_InPieces_GivesTheContentAddress_AndTheSameAgain()
    {
        var zip = Zip(("src/a.cs", "class A;"u8.ToArray()), ("src/deep/b.cs", "class B;"u8.ToArray()));

        var first = await UploadAsync(zip[..10], zip[10..]);
        var second = await UploadAsync(zip);

        first.Files.ShouldBe(2);
        first.Bytes.ShouldBe(zip.Length);
        first.Id.ShouldBe("sha256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(zip)));
        second.ShouldBe(first);
        (await FetchAsync(first.Id)).ShouldBe(zip);
    }

    [Theory]
    [InlineData("../up.cs")]
    [InlineData("src/../../up.cs")]
    [InlineData("/etc/cron.d/x")]
    [InlineData("C:/x.cs")]
    [InlineData("..\\up.cs")]
    [InlineData("a/./b.cs")]
    [InlineData("a\u0001.cs")]
    public Task Upload_OfAPathThatClimbsOut_NamesIt(string path) =>
        UploadAsync(Zip((path, [1]))).ShouldBeRefusedAsync("workspace entry", "inside the workspace", path);

    [Fact]
    public async Task Upload_OfASymbolicLink_NamesIt()
    {
        using var content = new MemoryStream();
        using (var zip = new ZipArchive(content, ZipArchiveMode.Create, leaveOpen: true))
        {
            var entry = zip.CreateEntry("innocent.txt");
            entry.ExternalAttributes = SymbolicLink;
            using var stream = entry.Open();
            stream.Write("/etc/passwd"u8);
        }

        await UploadAsync(content.ToArray()).ShouldBeRefusedAsync("'innocent.txt'", "symbolic link");
    }

    [Fact]
    public async Task Upload_OfABomb_NamesSizeAndLimit()
    {
        var zip = Zip(("zeros.bin", new byte[30_000_000]));
        zip.Length.ShouldBeLessThan(MostBytes);

        await UploadAsync(zip).ShouldBeRefusedAsync("expands to 30,000,000 bytes", "limit");
    }

    [Fact]
    public async Task Upload_OfSizesBeyondAnyNumber_IsRefused()
    {
        // Two entries whose stated sizes together are more than a 64-bit number holds.
        await UploadAsync(WithStatedSize(Zip(("a", [1]), ("b", [1])), long.MaxValue)).ShouldBeRefusedAsync("workspace");
    }

    [Fact]
    public async Task Upload_OfTooManyBytes_NamesTheLimit() =>
        await UploadAsync(new byte[MostBytes / 2], new byte[(MostBytes / 2) + 1]).ShouldBeRefusedAsync("workspace", "200,000");

    [Fact]
    public async Task Upload_OfWhatIsNoZip_SaysSo()
    {
        var zip = Zip(("a.cs", [1, 2, 3]));

        await UploadAsync().ShouldBeRefusedAsync("not a readable zip archive");
        await UploadAsync("this is no zip archive"u8.ToArray()).ShouldBeRefusedAsync("not a readable zip archive");
        await UploadAsync(zip[..^10]).ShouldBeRefusedAsync("not a readable zip archive");
    }

    private static byte[] Zip(params (string Path, byte[] Content)[] files)
    {
        using var content = new MemoryStream();
        using (var zip = new ZipArchive(content, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (path, bytes) in files)
            {
                using var entry = zip.CreateEntry(path).Open();
                entry.Write(bytes);
            }
        }

        return content.ToArray();
    }

    /// <summary>Rewrites the table of contents so that every entry states a 64-bit size, as large archives do.</summary>
    private static byte[] WithStatedSize(byte[] zip, long size)
    {
        ReadOnlySpan<byte> mark = [0x50, 0x4B, 1, 2];
        var start = zip.AsSpan().IndexOf(mark);
        var end = zip.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0x50, 0x4B, 5, 6]);
        using var result = new MemoryStream();
        result.Write(zip.AsSpan(0, start));
        for (var at = start; at < end;)
        {
            var entry = zip.AsSpan(at);
            var name = BinaryPrimitives.ReadUInt16LittleEndian(entry[28..]);
            var header = entry[..(46 + name)].ToArray();
            at += header.Length + BinaryPrimitives.ReadUInt16LittleEndian(entry[30..]) + BinaryPrimitives.ReadUInt16LittleEndian(entry[32..]);
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(24), uint.MaxValue);
            BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(30), 12);
            BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(32), 0);
            var extra = new byte[12];
            BinaryPrimitives.WriteUInt16LittleEndian(extra, 1);
            BinaryPrimitives.WriteUInt16LittleEndian(extra.AsSpan(2), 8);
            BinaryPrimitives.WriteInt64LittleEndian(extra.AsSpan(4), size);
            result.Write(header);
            result.Write(extra);
        }

        var tail = zip[end..];
        BinaryPrimitives.WriteUInt32LittleEndian(tail.AsSpan(12), (uint)(result.Length - start));
        result.Write(tail);
        return result.ToArray();
    }

    private async Task<Workspace> UploadAsync(params byte[][] pieces)
    {
        using var call = new Generation.GenerationClient(_host.Client()).UploadWorkspace(cancellationToken: Token);
        try
        {
            foreach (var piece in pieces)
                await call.RequestStream.WriteAsync(new WorkspaceChunk { Content = ByteString.CopyFrom(piece) }, Token);
            await call.RequestStream.CompleteAsync();
        }
        catch (RpcException)
        {
            // The server may end the call before it has read everything; the response says why.
        }

        return await call;
    }

    private async Task<byte[]> FetchAsync(string id)
    {
        using var call = new V1.Ledger.LedgerClient(_host.Peer(ModuleNames.Router)).FetchWorkspace(
            new FetchWorkspaceRequest { WorkspaceId = id }, Caller.ForTenant(Caller.DefaultTenant), cancellationToken: Token);
        using var content = new MemoryStream();
        await foreach (var chunk in call.ResponseStream.ReadAllAsync(Token))
            chunk.Content.WriteTo(content);
        return content.ToArray();
    }
}
