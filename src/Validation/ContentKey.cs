using System.Security.Cryptography;
using System.Text;

namespace Platform.Validation;

/// <summary>Names content by its hash, for caches.</summary>
internal static class ContentKey
{
    /// <summary>One key for a word and the paths and texts of files, in order.</summary>
    public static string Of(string word, IEnumerable<SourceFile> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in files.SelectMany(f => new[] { f.Path, f.Text }).Prepend(word))
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
