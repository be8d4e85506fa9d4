using Platform.Benchmarks;
using Platform.Benchmarks.Fixes;
using Platform.Benchmarks.Maya;
using Platform.Benchmarks.Patterns;
using Platform.Benchmarks.Repair;
using Platform.Benchmarks.Security;
using Platform.Benchmarks.Tdd;

// Each command is one measurement or one training; no argument lists them.
var commands = new Dictionary<string, Func<string[], Task<int>>>(RowCommands.All, StringComparer.Ordinal)
{
    ["rows"] = RowCommands.RunAsync,
    ["derive-tlds"] = TopLevelDomainList.RunAsync,
    ["train-intent"] = args => ModelTraining.RunAsync("intent", args),
    ["errors"] = ErrorRows.RunAsync,
    ["fixes"] = FixRows.RunAsync,
    ["fixes-scripts"] = ScriptRows.RunAsync,
    ["quixbugs"] = QuixBugsRows.RunAsync,
    ["scan-cost"] = ScanCost.RunAsync,
    ["security"] = SecurityRows.RunAsync,
    ["tdd"] = TddRows.RunAsync,
    ["maya-effect"] = EffectRate.RunAsync,
    ["train-emotion"] = args => ModelTraining.RunAsync("emotion", args),
    ["retrieval"] = RetrievalRows.RunAsync,
    ["similarity"] = SimilarityRows.RunAsync,
    ["train-words"] = WordTraining.RunAsync,
    ["train-sentiment"] = args => ModelTraining.RunAsync("sentiment", args),
};

if (args.Length == 0 || !commands.TryGetValue(args[0], out var command))
{
    Console.Error.WriteLine($"usage: dotnet run --project tests/Benchmarks -c Release -- COMMAND\ncommands: {string.Join(", ", commands.Keys)}");
    return 2;
}

return await command(args[1..]);
