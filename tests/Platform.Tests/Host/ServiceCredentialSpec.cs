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

    private static async Task<HttpContext> CheckAsync(AccessOptions options, string credential)
    {
        var context = new DefaultHttpContext { Response = { Body = new MemoryStream() } };
        context.Request.Path = "/platform.v1.Runner/Describe";
        context.Request.Headers[Caller.ServiceHeader] = credential;
        context.Request.Headers[Caller.TenantHeader] = "acme";
        var keys = new KeyRing(Options.Create(options));
        using var sessions = new ConsoleSessions(keys, new EphemeralDataProtectionProvider(), TimeProvider.System);
        await new KeyCheck(_ => Task.CompletedTask, keys, sessions).InvokeAsync(context);
        return context;
    }
}
