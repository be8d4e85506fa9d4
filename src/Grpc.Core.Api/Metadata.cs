using System.Collections;
using System.Text;

namespace Grpc.Core;

/// <summary>
/// The headers or trailers of a call: an ordered list of entries in which a key may occur more than once.
/// Not safe for concurrent writers.
/// </summary>
public sealed class Metadata : IList<Metadata.Entry>
{
    /// <summary>The end of every key whose value is bytes; such values travel as base64.</summary>
    public const string BinaryHeaderSuffix = "-bin";

    /// <summary>A shared list without entries, to which nothing can be added.</summary>
    public static readonly Metadata Empty = new() { IsReadOnly = true };

    private readonly List<Entry> _entries = [];

    /// <summary>How many entries there are; a repeated key counts each time.</summary>
    public int Count => _entries.Count;

    /// <summary>True for <see cref="Empty"/>, which is shared and so must not change.</summary>
    public bool IsReadOnly { get; private init; }

    /// <summary>The entry at a position, counted from zero.</summary>
    /// <param name="index">The position.</param>
    /// <exception cref="InvalidOperationException">Set on a list that is read-only.</exception>
    public Entry this[int index]
    {
        get => _entries[index];
        set => Writable(value)[index] = value;
    }

    /// <summary>The last entry with this key, or null.</summary>
    /// <param name="key">The key, in any case.</param>
    public Entry? Get(string key) => _entries.FindLast(entry => entry.HasKey(key));

    /// <summary>The text of the last entry with this key, or null.</summary>
    /// <param name="key">The key, in any case; its value must be text.</param>
    /// <exception cref="InvalidOperationException">The entry holds bytes.</exception>
    public string? GetValue(string key) => Get(key)?.Value;

    /// <summary>The bytes of the last entry with this key, or null.</summary>
    /// <param name="key">The key, in any case.</param>
    public byte[]? GetValueBytes(string key) => Get(key)?.ValueBytes;

    /// <summary>Every entry with this key, in order.</summary>
    /// <param name="key">The key, in any case.</param>
    public IEnumerable<Entry> GetAll(string key) => _entries.Where(entry => entry.HasKey(key));

    /// <summary>Appends an entry.</summary>
    /// <param name="item">The entry.</param>
    /// <exception cref="InvalidOperationException">The list is read-only.</exception>
    public void Add(Entry item) => Writable(item).Add(item);

    /// <summary>Appends an entry with text.</summary>
    /// <param name="key">A key that does not end in <see cref="BinaryHeaderSuffix"/>.</param>
    /// <param name="value">ASCII text.</param>
    /// <exception cref="InvalidOperationException">The list is read-only.</exception>
    public void Add(string key, string value) => Add(new Entry(key, value));

    /// <summary>Appends an entry with bytes.</summary>
    /// <param name="key">A key that ends in <see cref="BinaryHeaderSuffix"/>.</param>
    /// <param name="valueBytes">The bytes; they are copied.</param>
    /// <exception cref="InvalidOperationException">The list is read-only.</exception>
    public void Add(string key, byte[] valueBytes) => Add(new Entry(key, valueBytes));

    /// <summary>Puts an entry in front of a position.</summary>
    /// <param name="index">The position, counted from zero.</param>
    /// <param name="item">The entry.</param>
    /// <exception cref="InvalidOperationException">The list is read-only.</exception>
    public void Insert(int index, Entry item) => Writable(item).Insert(index, item);

    /// <summary>Takes out the entry at a position.</summary>
    /// <param name="index">The position, counted from zero.</param>
    /// <exception cref="InvalidOperationException">The list is read-only.</exception>
    public void RemoveAt(int index) => Writable().RemoveAt(index);

    /// <summary>Takes out this very entry; entries have no equality by value.</summary>
    /// <param name="item">The entry.</param>
    /// <returns>Whether it was there.</returns>
    /// <exception cref="InvalidOperationException">The list is read-only.</exception>
    public bool Remove(Entry item) => Writable().Remove(item);

    /// <summary>Takes out every entry.</summary>
    /// <exception cref="InvalidOperationException">The list is read-only.</exception>
    public void Clear() => Writable().Clear();

    /// <summary>The position of this very entry, or -1.</summary>
    /// <param name="item">The entry.</param>
    public int IndexOf(Entry item) => _entries.IndexOf(item);

    /// <summary>Whether this very entry is here.</summary>
    /// <param name="item">The entry.</param>
    public bool Contains(Entry item) => _entries.Contains(item);

    /// <summary>Copies the entries.</summary>
    /// <param name="array">Where to.</param>
    /// <param name="arrayIndex">The first position to write.</param>
    public void CopyTo(Entry[] array, int arrayIndex) => _entries.CopyTo(array, arrayIndex);

    /// <summary>Walks the entries in order.</summary>
    public IEnumerator<Entry> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private List<Entry> Writable(Entry item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return Writable();
    }

    private List<Entry> Writable() =>
        IsReadOnly ? throw new InvalidOperationException("This metadata is shared and read-only; create a new Metadata to add entries.") : _entries;

    /// <summary>One header or trailer: a lower-case key with text, or with bytes where the key ends in <see cref="BinaryHeaderSuffix"/>.</summary>
    public class Entry
    {
        private readonly string? _text;
        private readonly byte[]? _bytes;

        /// <summary>Creates an entry with text.</summary>
        /// <param name="key">Letters, digits, '.', '_' and '-'; it is lower-cased and must not end in <see cref="BinaryHeaderSuffix"/>.</param>
        /// <param name="value">ASCII text.</param>
        /// <exception cref="ArgumentException">The key has another character, or says that the value is bytes.</exception>
        public Entry(string key, string value)
        {
            ArgumentNullException.ThrowIfNull(value);
            Key = Normalized(key);
            if (IsBinary)
                throw new ArgumentException($"Metadata key '{Key}' ends in '{BinaryHeaderSuffix}', so its value must be bytes.", nameof(key));
            _text = value;
        }

        /// <summary>Creates an entry with bytes.</summary>
        /// <param name="key">Letters, digits, '.', '_' and '-'; it is lower-cased and must end in <see cref="BinaryHeaderSuffix"/>.</param>
        /// <param name="valueBytes">The bytes; they are copied.</param>
        /// <exception cref="ArgumentException">The key has another character, or says that the value is text.</exception>
        public Entry(string key, byte[] valueBytes)
        {
            ArgumentNullException.ThrowIfNull(valueBytes);
            Key = Normalized(key);
            if (!IsBinary)
                throw new ArgumentException($"Metadata key '{Key}' must end in '{BinaryHeaderSuffix}' for its value to be bytes.", nameof(key));
            _bytes = [.. valueBytes];
        }

        /// <summary>The key, in lower case.</summary>
        public string Key { get; }

        /// <summary>Whether the value is bytes.</summary>
        public bool IsBinary => Key.EndsWith(BinaryHeaderSuffix, StringComparison.Ordinal);

        /// <summary>The text.</summary>
        /// <exception cref="InvalidOperationException">The value is bytes.</exception>
        public string Value => _text ?? throw new InvalidOperationException($"Metadata entry '{Key}' holds bytes; read ValueBytes.");

        /// <summary>A copy of the bytes; the ASCII bytes of an entry that holds text.</summary>
        public byte[] ValueBytes => _bytes is null ? Encoding.ASCII.GetBytes(_text!) : [.. _bytes];

        /// <summary>Shows key and value; bytes show as their count.</summary>
        public override string ToString() => $"[Entry: key={Key}, value={_text ?? $"{_bytes!.Length} bytes"}]";

        internal bool HasKey(string key) => string.Equals(Key, key, StringComparison.OrdinalIgnoreCase);

        private static string Normalized(string key)
        {
            ArgumentException.ThrowIfNullOrEmpty(key);
            foreach (var c in key)
                if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-'))
                    throw new ArgumentException($"Metadata key '{key}' may hold only ASCII letters, digits, '.', '_' and '-'.", nameof(key));
            return key.ToLowerInvariant();
        }
    }
}
