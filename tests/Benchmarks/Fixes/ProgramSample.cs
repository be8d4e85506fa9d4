namespace Platform.Benchmarks.Fixes;

/// <summary>A program with an entry point, for breaks of that.</summary>
internal static class ProgramSample
{
    public const string Code = """
        namespace Tools
        {
            public class Parser
            {
                public static int Parse(string text)
                {
                    try
                    {
                        return int.Parse(text);
                    }
                    catch (FormatException)
                    {
                        return -1;
                    }
                    catch (Exception)
                    {
                        return -2;
                    }
                }

                public static async Task<string> ReadAsync(int count)
                {
                    string result = "";
                    for (int i = 0; i < count; i++)
                    {
                        int value = await NextAsync(i);
                        result += value.ToString();
                    }

                    return result;
                }

                private static Task<int> NextAsync(int i) => Task.FromResult(i * 2);
            }

            public static class Program
            {
                public static async Task Main(string[] args)
                {
                    Console.WriteLine("start");
                    var text = await Parser.ReadAsync(3);
                    if (text != "024")
                    {
                        throw new Exception("wrong: " + text);
                    }

                    if (Parser.Parse("x") != -1 || Parser.Parse("12") != 12)
                    {
                        throw new Exception("parse");
                    }

                    float half = 0.5f;
                    int whole = (int)(half * 4);
                    if (whole != 2)
                    {
                        throw new Exception("whole");
                    }
                }
            }
        }
        """;
}
