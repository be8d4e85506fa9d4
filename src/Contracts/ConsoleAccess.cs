using Microsoft.AspNetCore.Http;

namespace Platform.Contracts;

/// <summary>
/// Marks an endpoint that people open with a browser. There a signed-in session counts like a key, and whoever has neither is led
/// to the sign-in page; everywhere else a cookie counts for nothing.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ConsoleDoorAttribute : Attribute
{
    /// <summary>Path of the sign-in page.</summary>
    public const string SignInPath = "/login";

    /// <summary>Whether anybody may open it: the sign-in page and what it is drawn with.</summary>
    public bool IsOpen { get; init; }
}

/// <summary>What came of trying to sign in.</summary>
public enum SignInOutcome
{
    /// <summary>The session cookie is set.</summary>
    Done,

    /// <summary>Nobody has this key.</summary>
    WrongKey,

    /// <summary>Too many wrong keys came from this address; the right one is not looked at either.</summary>
    TooManyTries,
}

/// <summary>Browser sessions. The host implements it, since only the host knows keys; the console calls it.</summary>
public interface IConsoleSessions
{
    /// <summary>Signs a browser in.</summary>
    /// <param name="context">The request; the cookie goes onto its response.</param>
    /// <param name="key">The key that was typed.</param>
    Task<SignInOutcome> SignInAsync(HttpContext context, string key);

    /// <summary>Forgets the browser's session.</summary>
    void SignOut(HttpContext context);
}
