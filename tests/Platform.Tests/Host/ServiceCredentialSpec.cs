using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Host;
using Shouldly;
using Xunit;

namespace Platform.Tests.Host;

public sealed class ServiceCredentialSpec
{
    private const string Key = "the-service-key";

    [Fact]
    public async Task Check_CredentialKnownByItsHash_IsAPeer()
    {
        var context = await CheckAsync(new AccessOptions { ServiceKeyHash = AccessOptions.HashOf(Key) }, Key);

        Caller.Of(context).ShouldBe(new Caller("acme", IsAdmin: false, IsService: true, "service"));
    }

    [Fact]
    public async Task Check_OwnCredentialBesideAHash_IsAPeerToo()
    {
        var context = await CheckAsync(new AccessOptions { ServiceKey = "own", ServiceKeyHash = AccessOptions.HashOf(Key) }, "own");

        Caller.Of(context).IsService.ShouldBeTrue();
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData("")]
    public async Task Check_OtherCredential_IsRefused(string credential)
    {
        var context = await CheckAsync(new AccessOptions { ServiceKey = "own", ServiceKeyHash = AccessOptions.HashOf(Key) }, credential);

        context.Response.StatusCode.ShouldBe(StatusCodes.Status401Unauthorized);
    }

    [Fact]
    public async Task Check_TheHashItself_IsRefused()
    {
        var context = await CheckAsync(new AccessOptions { ServiceKeyHash = AccessOptions.HashOf(Key) }, AccessOptions.HashOf(Key));

        context.Response.StatusCode.ShouldBe(StatusCodes.Status401Unauthorized);
    }

    [Theory]
    [InlineData("/metrics", Key, true)]
    [InlineData("/metrics", "another", false)]
    [InlineData("/jobs", Key, false)]
    [InlineData("/metrics/", Key, false)]
    public async Task Check_KeyOfAScraper_OpensTheFiguresAndNothingElse(string path, string key, bool opens)
    {
        var context = Request(path);
        context.Request.Headers.Authorization = $"Bearer {key}";
        await CheckAsync(new AccessOptions { ScrapeKeyHash = AccessOptions.HashOf(Key), AdminKeyHash = AccessOptions.HashOf("admin") }, context);
        Caller.IsKnown(context).ShouldBe(opens);
        if (opens)
            (Caller.Of(context).MayScrape, Caller.Of(context).IsAdmin, Caller.Of(context).MayHandlePrivacy).ShouldBe((true, false, false));
    }

    private static async Task<HttpContext> CheckAsync(AccessOptions options, string credential)
    {
        var context = Request("/platform.v1.Runner/Describe");
        context.Request.Headers[Caller.ServiceHeader] = credential;
        context.Request.Headers[Caller.TenantHeader] = "acme";
        await CheckAsync(options, context);
        return context;
    }

    private static DefaultHttpContext Request(string path) => new() { Response = { Body = new MemoryStream() }, Request = { Path = path } };

    private static async Task CheckAsync(AccessOptions options, HttpContext context)
    {
        var keys = new KeyRing(Options.Create(options));
        using var sessions = new ConsoleSessions(keys, new EphemeralDataProtectionProvider(), TimeProvider.System);
        await new KeyCheck(_ => Task.CompletedTask, keys, sessions).InvokeAsync(context);
    }
}
