using System.Net;
using System.Text.RegularExpressions;
using Platform.Host;
using Platform.V1;

namespace Platform.Tests.Host;

/// <summary>Signing in to the console: who may, how often one may try, and what a session opens and what not.</summary>
public sealed partial class ConsoleSessionSpec : IAsyncLifetime
{
    private const string Admin = "key-of-admin";
    private const string Acme = "key-of-acme";
    private TestHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await TestHost.StartAsync("router,metrics", new Dictionary<string, string?>
    {
        ["Engines:Cerebras:ApiKey"] = "never-called",
        ["Access:AdminKeyHash"] = AccessOptions.HashOf(Admin),
        ["Access:Keys:a:Hash"] = AccessOptions.HashOf(Acme),
        ["Access:Keys:a:Tenant"] = "acme",
    });

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Page_WithoutASession_LeadsToTheSignInPageAndBack()
    {
        using var browser = new Browser(_host);
        var refused = await browser.GetAsync("/jobs?state=failed");
        refused.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        refused.Headers.Location!.ToString().ShouldBe("/login?to=%2Fjobs%3Fstate%3Dfailed");

        var signedIn = await browser.SignInAsync(Admin, refused.Headers.Location.ToString());

        signedIn.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        signedIn.Headers.Location!.ToString().ShouldEndWith("/jobs?state=failed");
        var cookie = signedIn.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith(ConsoleSessions.Cookie, StringComparison.Ordinal));
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=lax");
        cookie.ShouldNotContain(AccessOptions.HashOf(Admin));
        (await browser.GetAsync("/jobs")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Session_OfATenant_SeesThatTenantAndMayNotSwitchForAll()
    {
        using var browser = new Browser(_host);
        await browser.SignInAsync(Acme);
        var page = await browser.PageAsync("/settings");
        page.ShouldContain("<dd>acme</dd>");
        page.ShouldNotContain("for all tenants</button>");
    }

    [Fact]
    public async Task Session_OfTheAdministrator_MaySwitchForAllTenants()
    {
        using var browser = new Browser(_host);
        await browser.SignInAsync(Admin);
        (await browser.SendAsync("/settings", [("_handler", "fallback-all"), ("to", "off")])).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await browser.PageAsync("/settings")).ShouldContain("Turn on for all tenants");
    }

    [Fact]
    public async Task Session_OfAKeyMadeAtRunTime_EndsWhenItIsRevoked()
    {
        var access = new Access.AccessClient(_host.Client(Admin));
        var made = await access.CreateKeyAsync(new CreateKeyRequest { Name = "editor", Tenant = "blue" }, cancellationToken: Token);
        using var browser = new Browser(_host);
        (await browser.SignInAsync(made.Text)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await browser.PageAsync("/settings")).ShouldContain("<dd>blue</dd>");

        await access.RevokeKeyAsync(new RevokeKeyRequest { Id = made.Key.Id }, cancellationToken: Token);

        (await browser.GetAsync("/settings")).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await browser.SignInAsync(made.Text)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Session_OfTheAdministrator_IsNamedInTheAuditLog()
    {
        using var browser = new Browser(_host);
        await browser.SignInAsync(Admin);
        (await (await browser.SendAsync("/settings", [("_handler", "make-key"), ("name", "from the console"), ("role", "user")])).Content.ReadAsStringAsync(Token)).ShouldContain("platform_");
        var audit = await browser.PageAsync("/audit");
        audit.ShouldContain("key.created");
        audit.ShouldContain("<td>admin</td>");
    }

    [Fact]
    public async Task Session_OpensPagesOnly()
    {
        using var browser = new Browser(_host);
        await browser.SignInAsync(Admin);
        (await browser.GetAsync("/metrics")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await browser.PostAsync("/settings", [("_handler", "fallback")])).StatusCode.ShouldBe(HttpStatusCode.BadRequest, "a form needs its token");
        (await browser.PostAsync("/preferences", [("theme", "dark")])).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task SignIn_WithWrongKeys_IsStoppedSoon_AlsoForTheRightOne()
    {
        using var browser = new Browser(_host);
        for (var i = 0; i < ConsoleSessions.WrongKeys; i++)
            (await browser.SignInAsync($"wrong {i}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var stopped = await browser.SignInAsync(Admin);
        stopped.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await stopped.Content.ReadAsStringAsync(Token)).ShouldContain("Too many wrong keys");
    }

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("https://evil.example/")]
    [InlineData("/\\evil.example")]
    public async Task SignIn_AskedToLeadElsewhere_LeadsHome(string to)
    {
        using var browser = new Browser(_host);
        var signedIn = await browser.SignInAsync(Admin, $"/login?to={Uri.EscapeDataString(to)}");
        new Uri(_host.Doors.Http, signedIn.Headers.Location!).ShouldBe(_host.Doors.Http);
    }

    [Fact]
    public async Task SignOut_EndsTheSession_AndATamperedCookieIsNone()
    {
        using var browser = new Browser(_host);
        await browser.SignInAsync(Admin);
        (await browser.SendAsync("/settings", [], "/logout")).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await browser.GetAsync("/jobs")).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        browser.Cookies.Add(_host.Doors.Http, new Cookie(ConsoleSessions.Cookie, "CfDJ8tampered"));
        (await browser.GetAsync("/jobs")).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task Bearer_OnAPage_StillCounts()
    {
        using var browser = new Browser(_host);
        browser.Http.DefaultRequestHeaders.Authorization = new("Bearer", Acme);
        (await browser.PageAsync("/settings")).ShouldContain("<dd>acme</dd>");
    }

    /// <summary>As a browser does: keeps cookies, asks for pages, sends forms with their tokens.</summary>
    private sealed partial class Browser : IDisposable
    {
        public Browser(TestHost host)
        {
            Http = new HttpClient(new HttpClientHandler { CookieContainer = Cookies, AllowAutoRedirect = false }) { BaseAddress = host.Doors.Http };
            Http.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        }

        public HttpClient Http { get; }

        public CookieContainer Cookies { get; } = new();

        public Task<HttpResponseMessage> GetAsync(string path) => Http.GetAsync(new Uri(path, UriKind.Relative), Token);

        public async Task<string> PageAsync(string path)
        {
            var response = await GetAsync(path);
            response.StatusCode.ShouldBe(HttpStatusCode.OK, path);
            return await response.Content.ReadAsStringAsync(Token);
        }

        public Task<HttpResponseMessage> SignInAsync(string key, string path = "/login") => SendAsync(path, [("_handler", "sign-in"), ("key", key)]);

        public async Task<HttpResponseMessage> SendAsync(string path, (string Name, string Value)[] fields, string? to = null)
        {
            var token = WebUtility.HtmlDecode(FormToken().Match(await PageAsync(path)).Groups[1].Value);
            return await PostAsync(to ?? path, [.. fields, ("__RequestVerificationToken", token)]);
        }

        public Task<HttpResponseMessage> PostAsync(string path, (string Name, string Value)[] fields) =>
            Http.PostAsync(new Uri(path, UriKind.Relative), new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))), Token);

        public void Dispose() => Http.Dispose();

        [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
        private static partial Regex FormToken();
    }
}
