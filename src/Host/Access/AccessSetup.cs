using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Platform.Contracts;

namespace Platform.Host;

/// <summary>Puts the key check before every door.</summary>
internal static class AccessSetup
{
    private const int HashLength = 64;

    public static void AddAccess(this WebApplicationBuilder builder)
    {
        // Peers inside this process present a credential too; alone, it need not outlive the process.
        const string serviceKey = "Access:ServiceKey";
        if (string.IsNullOrEmpty(builder.Configuration[serviceKey]))
            builder.Configuration[serviceKey] = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
        builder.Services.AddSettings<AccessOptions>("Access");
        builder.Services.AddSingleton<IValidateOptions<AccessOptions>, Validation>();
        builder.Services.AddSingleton<KeyRing>();
        builder.Services.AddSingleton<ConsoleSessions>();
        builder.Services.AddSingleton<IConsoleSessions>(static services => services.GetRequiredService<ConsoleSessions>());
        builder.Services.AddSingleton<WrongKeys>();
    }

    public static void UseAccess(this WebApplication app) => app.UseMiddleware<KeyCheck>();

    private sealed class Validation : IValidateOptions<AccessOptions>
    {
        public ValidateOptionsResult Validate(string? name, AccessOptions options)
        {
            var problems = new List<string>();
            if (options.AdminKeyHash.Length > 0 && !IsHash(options.AdminKeyHash))
                problems.Add(NotAHash("Access:AdminKeyHash"));
            if (options.ServiceKeyHash.Length > 0 && !IsHash(options.ServiceKeyHash))
                problems.Add(NotAHash("Access:ServiceKeyHash"));
            if (options.ScrapeKeyHash.Length > 0 && !IsHash(options.ScrapeKeyHash))
                problems.Add(NotAHash("Access:ScrapeKeyHash"));
            foreach (var (id, entry) in options.Keys)
            {
                if (!IsHash(entry.Hash))
                    problems.Add(NotAHash($"Access:Keys:{id}:Hash"));
                if (entry.Tenant.Length is 0 or > 128)
                    problems.Add($"Access:Keys:{id}:Tenant has {entry.Tenant.Length} characters; give a name of 1 to 128.");
            }

            return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }

        private static bool IsHash(string text) => text.Length == HashLength && text.All(char.IsAsciiHexDigit);

        /// <summary>The value is not repeated: it may be the key itself, pasted into the wrong place.</summary>
        private static string NotAHash(string key) => $"{key} is not a SHA-256 in hex ({HashLength} digits); make one with: printf %s KEY | sha256sum";
    }
}
