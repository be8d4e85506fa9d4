namespace Platform.Validation;

/// <summary>Names that other languages, or another type of .NET, use for the same thing. Data, not code: one line per idea.</summary>
internal static class ForeignNames
{
    private static readonly string[] SameMember =
    [
        "Length Count LongLength len size length count getLength getSize getCount numel strlen Size Len",
        "Add Append push push_back append add insert Push addLast Enqueue Insert emplace_back TryAdd put set",
        "AddRange extend concat addAll push_all Concat append_all",
        "Push Enqueue push add Add offer", "Pop Dequeue pop poll shift", "Peek First top front peek",
        "Contains ContainsKey includes has contains in_array containsKey hasKey has_key Has Include containsValue ContainsValue Any exists",
        "Remove Delete delete erase remove unset removeAt RemoveAt discard", "Clear clear RemoveAll empty",
        "ToUpper ToUpperInvariant toUpperCase upper upcase toUpper to_upper ToUpperCase ucase UpperCase", "ToLower ToLowerInvariant toLowerCase lower downcase toLower to_lower ToLowerCase lcase LowerCase casefold",
        "Trim strip trim Strip chomp", "TrimStart lstrip trimStart ltrim trimLeft TrimLeft", "TrimEnd rstrip trimEnd rtrim trimRight TrimRight chomp",
        "Substring substr substring slice Slice mid Mid SubString subString Sub", "IndexOf indexOf find index search strpos Index Find FindIndex indexof", "LastIndexOf lastIndexOf rfind rindex",
        "StartsWith startsWith startswith starts_with hasPrefix HasPrefix beginsWith BeginsWith", "EndsWith endsWith endswith ends_with hasSuffix HasSuffix",
        "Replace replace replaceAll gsub sub ReplaceAll replace_all", "Split split explode tokenize", "Join join implode",
        "ToString toString str to_s to_string stringify String asString ToStr String_",
        "Select map Map collect Collect transform", "Where filter Filter select find_all Find FindAll grep", "Aggregate reduce Reduce fold inject Fold foldl", "SelectMany flatMap flat_map FlatMap",
        "Any some any exists Exists anyMatch", "All every all allMatch TrueForAll Every", "First first head FirstOrDefault find Find front detect Head", "Last last tail LastOrDefault back Back",
        "OrderBy sort sortBy sorted sort_by Sort Order SortBy Sorted", "OrderByDescending sortByDescending OrderDescending reverseSort", "Reverse reverse reversed Reversed",
        "Distinct unique uniq distinct Unique", "GroupBy groupBy group_by groupby groupingBy", "Take take limit Limit slice head", "Skip skip drop Drop",
        "Sum sum total Total", "Max max maximum Maximum", "Min min minimum Minimum", "Average avg mean average Mean Avg",
        "ForEach forEach each foreach do", "ToList toList list asList collect tolist", "ToArray toArray array to_a toarray", "ToDictionary toMap to_h toDictionary", "ToHashSet toSet to_set",
        "Keys keys keySet getKeys key_list", "Values values getValues", "Key getKey key first", "Value getValue value val get second Get", "TryGetValue get getOrDefault tryGet TryGet GetValueOrDefault",
        "Equals equals equalsTo isEqual", "CompareTo compareTo compare cmp", "GetHashCode hashCode hash __hash__", "GetType getClass typeof getType type",
        "Message getMessage message what msg", "ToCharArray toCharArray chars toCharacterArray ToChars", "ElementAt charAt CharAt elementAt at get nth Get At", "Item get charAt",
        "PadLeft padStart rjust zfill padLeft ljust_", "PadRight padEnd ljust padRight", "IsNullOrEmpty isEmpty isNullOrEmpty is_empty empty IsEmpty", "IsNullOrWhiteSpace isBlank IsBlank",
        "WriteLine println print writeLine log puts echo Println PrintLine Print writeln Writeln Log printf", "Write print write printf Print", "ReadLine readLine readline input gets nextLine ReadLn",
        "Parse parse parseInt valueOf fromString parseDouble TryParse ParseInt", "Abs abs fabs absolute", "Sqrt sqrt squareRoot", "Pow pow power Power", "Floor floor", "Ceiling ceil Ceil ceiling", "Round round", "Truncate trunc fix Trunc",
        "Next nextInt random rand randint randrange NextInt", "MoveNext hasNext next", "Current current", "Result result get unwrap", "Wait join wait", "Delay sleep delay Sleep",
        "IsDigit isDigit isdigit is_digit isNumeric IsNumber isNumber", "IsLetter isLetter isalpha isAlpha IsAlpha isalphabetic", "IsLetterOrDigit isalnum isLetterOrDigit isAlphanumeric IsAlphaNumeric IsAlnum", "IsWhiteSpace isWhitespace isspace isSpace IsSpace IsWhitespace", "IsUpper isUpperCase isupper isUpper", "IsLower isLowerCase islower isLower",
        "Fill fill memset", "Empty empty EMPTY", "MaxValue MAX_VALUE maxValue Max INT_MAX", "MinValue MIN_VALUE minValue Min INT_MIN", "Now now", "InnerException getCause cause", "StackTrace getStackTrace stack",
        "Range range", "Repeat repeat", "Concat concat concatenate", "Union union", "Intersect intersection intersect retainAll", "Except difference subtract except Minus", "Zip zip", "Insert insert addFirst unshift splice",
    ];

    private static readonly Dictionary<string, string[]> Words = new(StringComparer.Ordinal)
    {
        ["boolean"] = ["bool"], ["Boolean"] = ["bool"], ["Integer"] = ["int"], ["integer"] = ["int"], ["str"] = ["string"], ["String"] = ["string"], ["number"] = ["int", "double"], ["Number"] = ["int", "double"],
        ["any"] = ["object"], ["Object"] = ["object"], ["Char"] = ["char"], ["Character"] = ["char"], ["Double"] = ["double"], ["Float"] = ["float"], ["Long"] = ["long"], ["Int"] = ["int"], ["Int32"] = ["int"], ["Decimal"] = ["decimal"], ["Void"] = ["void"], ["unit"] = ["void"],
        ["usize"] = ["int"], ["i32"] = ["int"], ["i64"] = ["long"], ["u8"] = ["byte"], ["u32"] = ["uint"], ["u64"] = ["ulong"], ["f64"] = ["double"], ["f32"] = ["float"], ["size_t"] = ["int"], ["int32"] = ["int"], ["int64"] = ["long"], ["float64"] = ["double"],
        ["auto"] = ["var"], ["let"] = ["var"], ["val"] = ["var"], ["def"] = ["var"], ["dim"] = ["var"], ["final"] = ["readonly"],
        ["nil"] = ["null"], ["None"] = ["null"], ["NULL"] = ["null"], ["nullptr"] = ["null"], ["undefined"] = ["null"], ["Nothing"] = ["null"], ["True"] = ["true"], ["False"] = ["false"], ["TRUE"] = ["true"], ["FALSE"] = ["false"], ["yes"] = ["true"], ["no"] = ["false"],
        ["self"] = ["this"], ["me"] = ["this"], ["Me"] = ["this"], ["my"] = ["this"], ["super"] = ["base"], ["parent"] = ["base"], ["MyBase"] = ["base"],
        ["ArrayList"] = ["List<object>", "List"], ["Vector"] = ["List"], ["Array"] = ["List"], ["array"] = ["List"], ["LinkedHashMap"] = ["Dictionary"], ["TreeMap"] = ["SortedDictionary"], ["HashMap"] = ["Dictionary"], ["Map"] = ["Dictionary"], ["map"] = ["Dictionary"], ["dict"] = ["Dictionary"], ["Dict"] = ["Dictionary"], ["unordered_map"] = ["Dictionary"], ["Hash"] = ["Dictionary"],
        ["Set"] = ["HashSet"], ["set"] = ["HashSet"], ["TreeSet"] = ["SortedSet"], ["unordered_set"] = ["HashSet"], ["Deque"] = ["LinkedList", "Queue"], ["ArrayDeque"] = ["Queue", "Stack"], ["vector"] = ["List"], ["list"] = ["List"], ["tuple"] = ["ValueTuple", "Tuple"], ["Pair"] = ["KeyValuePair", "Tuple"], ["Map.Entry"] = ["KeyValuePair"], ["Entry"] = ["KeyValuePair"],
        ["StringBuffer"] = ["StringBuilder"], ["Iterable"] = ["IEnumerable"], ["Iterator"] = ["IEnumerator"], ["Collection"] = ["ICollection"], ["Comparable"] = ["IComparable"], ["Comparator"] = ["IComparer"], ["Closeable"] = ["IDisposable"], ["AutoCloseable"] = ["IDisposable"], ["Disposable"] = ["IDisposable"], ["Cloneable"] = ["ICloneable"], ["Equatable"] = ["IEquatable"], ["Enumerable"] = ["IEnumerable"],
        ["Function"] = ["Func"], ["Supplier"] = ["Func"], ["Consumer"] = ["Action"], ["Predicate"] = ["Func"], ["Runnable"] = ["Action"], ["Callable"] = ["Func"], ["BiFunction"] = ["Func"], ["Promise"] = ["Task"], ["Future"] = ["Task"], ["CompletableFuture"] = ["Task"], ["Optional"] = ["Nullable"], ["BigDecimal"] = ["decimal"], ["LocalDate"] = ["DateOnly", "DateTime"], ["LocalDateTime"] = ["DateTime"], ["Instant"] = ["DateTimeOffset"], ["Date"] = ["DateTime"], ["date"] = ["DateTime"], ["datetime"] = ["DateTime"], ["Duration"] = ["TimeSpan"], ["timedelta"] = ["TimeSpan"],
        ["IllegalArgumentException"] = ["ArgumentException"], ["ValueError"] = ["ArgumentException"], ["TypeError"] = ["InvalidCastException", "ArgumentException"], ["KeyError"] = ["KeyNotFoundException"], ["IndexError"] = ["ArgumentOutOfRangeException", "IndexOutOfRangeException"], ["IndexOutOfBoundsException"] = ["ArgumentOutOfRangeException", "IndexOutOfRangeException"], ["ArrayIndexOutOfBoundsException"] = ["IndexOutOfRangeException"], ["RuntimeException"] = ["InvalidOperationException", "Exception"], ["RuntimeError"] = ["InvalidOperationException"], ["IllegalStateException"] = ["InvalidOperationException"], ["NullPointerException"] = ["NullReferenceException", "ArgumentNullException"], ["ZeroDivisionError"] = ["DivideByZeroException"], ["ArithmeticError"] = ["ArithmeticException"], ["UnsupportedOperationException"] = ["NotSupportedException"], ["NotImplementedError"] = ["NotImplementedException"], ["NumberFormatException"] = ["FormatException"], ["Error"] = ["Exception"], ["Throwable"] = ["Exception"], ["RangeError"] = ["ArgumentOutOfRangeException"], ["NoSuchElementException"] = ["InvalidOperationException", "KeyNotFoundException"],
        ["System.out"] = ["Console"], ["console"] = ["Console"], ["fmt"] = ["Console"], ["stdout"] = ["Console.Out"], ["stderr"] = ["Console.Error"], ["math"] = ["Math"], ["Integer.parseInt"] = ["int.Parse"], ["Character.isDigit"] = ["char.IsDigit"], ["Character.isLetter"] = ["char.IsLetter"], ["Arrays"] = ["Array"], ["Collections"] = ["Enumerable"], ["Objects"] = ["object"], ["StringUtils"] = ["string"], ["Thread.sleep"] = ["Thread.Sleep"],
    };

    private static readonly Dictionary<string, string[]> Calls = new(StringComparer.Ordinal)
    {
        ["println"] = ["Console.WriteLine($)"], ["print"] = ["Console.WriteLine($)", "Console.Write($)"], ["puts"] = ["Console.WriteLine($)"], ["echo"] = ["Console.WriteLine($)"], ["printf"] = ["Console.Write($)"], ["log"] = ["Console.WriteLine($)", "Math.Log($)"], ["writeLine"] = ["Console.WriteLine($)"], ["WriteLine"] = ["Console.WriteLine($)"], ["Println"] = ["Console.WriteLine($)"], ["alert"] = ["Console.WriteLine($)"], ["Print"] = ["Console.WriteLine($)"], ["Debug.Log"] = ["Console.WriteLine($)"],
        ["System.out.println"] = ["Console.WriteLine($)"], ["System.out.print"] = ["Console.Write($)"], ["System.out.printf"] = ["Console.Write($)"], ["console.log"] = ["Console.WriteLine($)"], ["console.error"] = ["Console.Error.WriteLine($)"], ["fmt.Println"] = ["Console.WriteLine($)"], ["fmt.Printf"] = ["Console.Write($)"], ["std.cout"] = ["Console.Write($)"],
        ["len"] = ["$.Length", "$.Count", "$.Count()"], ["size"] = ["$.Count", "$.Length"], ["count"] = ["$.Count()", "$.Count"], ["strlen"] = ["$.Length"],
        ["str"] = ["$.ToString()"], ["String"] = ["$.ToString()"], ["string"] = ["$.ToString()"], ["int"] = ["int.Parse($)", "(int)($)"], ["float"] = ["double.Parse($)", "(float)($)"], ["parseInt"] = ["int.Parse($)"], ["parseFloat"] = ["double.Parse($)"], ["Number"] = ["double.Parse($)"], ["atoi"] = ["int.Parse($)"], ["Integer.parseInt"] = ["int.Parse($)"], ["Integer.valueOf"] = ["int.Parse($)"], ["String.valueOf"] = ["$.ToString()"], ["Double.parseDouble"] = ["double.Parse($)"],
        ["ord"] = ["(int)$"], ["chr"] = ["(char)($)"], ["bool"] = ["Convert.ToBoolean($)"], ["list"] = ["$.ToList()"], ["set"] = ["$.ToHashSet()"], ["sorted"] = ["$.Order()"], ["reversed"] = ["$.Reverse()"], ["sum"] = ["$.Sum()"], ["any"] = ["$.Any()"], ["all"] = ["$.All()"],
        ["max"] = ["Math.Max($)", "$.Max()"], ["min"] = ["Math.Min($)", "$.Min()"], ["abs"] = ["Math.Abs($)"], ["sqrt"] = ["Math.Sqrt($)"], ["pow"] = ["Math.Pow($)"], ["floor"] = ["Math.Floor($)"], ["ceil"] = ["Math.Ceiling($)"], ["round"] = ["Math.Round($)"], ["random"] = ["Random.Shared.NextDouble()"], ["range"] = ["Enumerable.Range($)"], ["isinstance"] = ["$0 is $1"], ["type"] = ["$.GetType()"], ["input"] = ["Console.ReadLine()"], ["readLine"] = ["Console.ReadLine()"], ["exit"] = ["Environment.Exit($)"], ["sleep"] = ["Thread.Sleep($)"], ["isNaN"] = ["double.IsNaN($)"], ["repr"] = ["$.ToString()"], ["make_tuple"] = ["($)"], ["swap"] = ["($0, $1) = ($1, $0)"],
        ["Arrays.asList"] = ["new[] { $ }"], ["List.of"] = ["new[] { $ }.ToList()"], ["Arrays.sort"] = ["Array.Sort($)"], ["Collections.sort"] = ["$.Sort()"], ["Math.random"] = ["Random.Shared.NextDouble()"], ["String.format"] = ["string.Format($)"], ["JSON.stringify"] = ["System.Text.Json.JsonSerializer.Serialize($)"], ["Object.keys"] = ["$.Keys"], ["Array.isArray"] = ["$ is Array"], ["String.join"] = ["string.Join($)"], ["Objects.equals"] = ["Equals($)"], ["Thread.sleep"] = ["Thread.Sleep($)"], ["Array.from"] = ["$.ToArray()"],
    };

    private static readonly Dictionary<string, List<string>> Members = Index();

    /// <summary>Members that mean the same as a foreign one.</summary>
    public static IReadOnlyList<string> MembersLike(string name) => Members.GetValueOrDefault(name) ?? Members.GetValueOrDefault(name.ToLowerInvariant()) ?? [];

    /// <summary>Types, values and keywords for a foreign word.</summary>
    public static IReadOnlyList<string> WordsLike(string word) => Words.GetValueOrDefault(word) ?? [];

    /// <summary>Calls for a foreign function, by its whole dotted name; <c>$</c> stands for all arguments, <c>$0</c> for the first.</summary>
    public static IReadOnlyList<string> CallsLike(string function) => Calls.GetValueOrDefault(function) ?? [];

    private static Dictionary<string, List<string>> Index()
    {
        var index = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var group in SameMember.Select(line => line.Split(' ')))
        {
            foreach (var name in group)
            {
                if (!index.TryGetValue(name, out var others))
                    index[name] = others = [];
                others.AddRange(group.Where(other => other != name && char.IsUpper(other[0])));
            }
        }
        return index;
    }
}
