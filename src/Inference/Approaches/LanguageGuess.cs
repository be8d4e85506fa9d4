using Platform.V1;
using Platform.Validation;

namespace Platform.Inference;

/// <summary>The language of an answer when the request leaves it open: that of its tests or files, else the one that the task names.</summary>
internal static class LanguageGuess
{
    private static readonly char[] Breaks = [' ', '\t', '\n', '\r', ',', '.', ':', ';', '(', ')', '"', '\'', '`', '/'];

    public static string Of(GenerateRequest request)
    {
        if (request.Language.Length > 0)
            return request.Language;
        var file = request.Tests.Concat(request.Files).FirstOrDefault();
        if (file is not null)
            return CodeFile.Of(file).Language;
        foreach (var word in request.Task.Split(Breaks, StringSplitOptions.RemoveEmptyEntries))
        {
            // "go", "text" and the like are ordinary words: only those that can mean nothing else count.
            if (word.Length > 3 || word is "C#" or "c#" or "SQL")
            {
                if (Languages.FromFence(word) is { } named && named is not ("text" or "markdown" or "shell"))
                    return named;
            }
        }

        return "";
    }
}
