using System.Text;
using Platform.Patterns;
using Shouldly;

namespace Platform.Tests.Patterns;

/// <summary>Each language is split where a reader would split it.</summary>
public sealed class ChunkerTests
{
    [Fact]
    public void Split_CSharp_GivesMembersWithTheirTypeAndDocumentation()
    {
        var chunks = Split("a.cs", """
            using System;

            namespace Shop;

            /// <summary>Keeps orders.</summary>
            public sealed class Orders(Db db)
            {
                private readonly int _limit = 3;

                /// <summary>Finds one.</summary>
                [Cached]
                public Order? Find(string id) => db.Find(id);

                // Half of them.
                public int Count { get; set; }

                public class Line
                {
                    public decimal Price => 3;
                }

                public static Orders operator +(Orders a, Orders b) => a;
            }

            public enum State { Open, Paid }
            """);

        Names(chunks).ShouldBe(["class Orders", "method Orders.Find", "property Orders.Count", "class Orders.Line", "member Orders.operator +", "enum State"]);
        var find = chunks[1];
        find.Doc.ShouldContain("Finds one.");
        find.Text.ShouldContain("[Cached]");
        find.Signature.ShouldContain("Find(string id)");
        (find.StartLine, find.EndLine).ShouldBe((10, 12));
        chunks[0].Doc.ShouldContain("Keeps orders.");
        chunks[0].Signature.ShouldContain("Orders");
    }

    [Fact]
    public void Split_CSharpThatDoesNotCompile_StillGivesItsMembers()
    {
        var chunks = Split("a.cs", "class A\n{\n    void B( { \n    }\n\n    int C() => 3;\n" + string.Concat(Enumerable.Repeat("\n", 12)) + "    int D() => 4;\n");

        Names(chunks).ShouldContain("method A.C");
        Names(chunks).ShouldContain("method A.D");
    }

    [Fact]
    public void Split_Python_GivesFunctionsMethodsDecoratorsAndModuleCode()
    {
        var chunks = Split("tools.py", "import os\nimport sys\nimport csv\n\nLIMIT = 3\n\n@cache\ndef load(\n    path,\n):\n    \"\"\"Loads it.\"\"\"\n    return open(path)\n\nclass Store:\n    '''Keeps it.'''\n    size = 3\n\n    async def save(self):\n        def inner():\n            pass\n        inner()\n\n    @property\n    def name(self):\n        return 'x'\n\nif __name__ == '__main__':\n    a = load('x')\n    print(a)\n");

        Names(chunks).ShouldBe(["module tools", "function load", "class Store", "method Store.save", "method Store.name", "module tools"]);
        chunks[1].Text.ShouldStartWith("@cache");
        chunks[1].Doc.ShouldContain("Loads it.");
        chunks[1].EndLine.ShouldBe(12);
        chunks[2].Doc.ShouldContain("Keeps it.");
        chunks[4].Text.ShouldStartWith("    @property");
    }

    [Fact]
    public void Split_TypeScript_GivesFunctionsArrowsClassesAndMethods()
    {
        var chunks = Split("a.ts", """
            import { x } from './x';

            // Adds two.
            export function add(a: number, b: number): number {
              return a + b;
            }

            export const twice = (a: number): number => {
              return a * 2;
            };

            export default class Cart<T> extends Base {
              constructor(private items: T[]) {
                super();
              }

              async total(rate: number): Promise<number> {
                if (rate > 1) {
                  return 1;
                }
                return rate;
              }

              static of(text = "}"): Cart<string> {
                return new Cart([text]);
              }
            }

            interface Shape {
              area(): number;
            }
            """);

        Names(chunks).ShouldBe(["function add", "function twice", "class Cart", "method Cart.constructor", "method Cart.total", "method Cart.of", "class Shape"]);
        chunks[0].Doc.ShouldContain("Adds two.");
        chunks[5].Text.ShouldEndWith("  }");
    }

    [Fact]
    public void Split_JavaScript_KeepsBracesInStringsRegexesAndTemplatesApart()
    {
        var chunks = Split("a.js", "function one() {\n  const a = '{';\n  const b = `}${'}'}`;\n  // }\n  return /\\{/.test(a + b);\n}\n\nasync function* two() {\n  yield 1;\n}\n\nmodule.exports = { one, two };\n");

        Names(chunks).ShouldBe(["function one", "function two", "module a"]);
        chunks[0].EndLine.ShouldBe(6);
    }

    [Fact]
    public void Split_Go_GivesFunctionsMethodsAndTypes()
    {
        var chunks = Split("a.go", "package shop\n\nimport \"fmt\"\n\n// Order is one.\ntype Order struct {\n\tID string\n}\n\n// Total adds up.\nfunc (o *Order) Total(rate float64) (float64, error) {\n\tfor {\n\t\tbreak\n\t}\n\treturn 0, nil\n}\n\nfunc main() {\n\tfmt.Println(\"{\")\n}\n");

        Names(chunks).ShouldBe(["function Order", "function Total", "function main"]);
        chunks[1].Doc.ShouldContain("Total adds up.");
        chunks[1].EndLine.ShouldBe(16);
    }

    [Fact]
    public void Split_Rust_GivesFunctionsTypesAndImplementations()
    {
        var chunks = Split("a.rs", "use std::fmt;\n\n/// A cart.\n#[derive(Debug)]\npub struct Cart<'a> {\n    items: Vec<&'a str>,\n}\n\nimpl<'a> fmt::Display for Cart<'a> {\n    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {\n        write!(f, \"{}\", self.items.len())\n    }\n}\n\nimpl<'a> Cart<'a> {\n    /// Adds.\n    pub async fn add(&mut self, item: &'a str) {\n        self.items.push(item);\n    }\n}\n\npub trait Shape {\n    fn area(&self) -> f64;\n}\n\npub fn main() {\n    println!(\"{{\");\n}\n");

        Names(chunks).ShouldBe(["function Cart", "class Cart", "method Cart.fmt", "class Cart", "method Cart.add", "class Shape", "function main"]);
        chunks[0].Doc.ShouldContain("A cart.");
        chunks[4].Doc.ShouldContain("Adds.");
    }

    [Fact]
    public void Split_Java_GivesClassesAndMethods()
    {
        var chunks = Split("A.java", """
            package shop;

            /** Keeps orders. */
            public final class Orders<T extends Base> implements Store {
                private int limit = 3;

                public Orders(int limit) {
                    this.limit = limit;
                }

                /** Finds one. */
                @Override
                public Map<String, List<T>> find(String id,
                        int depth) throws IOException {
                    if (id == null) {
                        throw new IOException("}");
                    }
                    return null;
                }

                enum State { OPEN, PAID }
            }
            """);

        Names(chunks).ShouldBe(["class Orders", "method Orders.Orders", "method Orders.find", "class Orders.State"]);
        chunks[2].Doc.ShouldContain("Finds one.");
        chunks[2].EndLine.ShouldBe(19);
    }

    [Fact]
    public void Split_Sql_GivesStatementsByNameAndKeepsFunctionBodiesWhole()
    {
        var chunks = Split("a.sql", "-- Orders.\ncreate table if not exists orders (\n  id text,\n  note text default ';'\n);\n\ncreate or replace function total() returns int as $$\nbegin\n  select 1;\n  return 2;\nend;\n$$ language plpgsql;\n\ninsert into orders values ('a;');\n");

        Names(chunks).ShouldBe(["statement orders", "statement total", "statement orders"]);
        chunks[0].Doc.ShouldContain("Orders.");
        chunks[1].Text.ShouldContain("return 2;");
    }

    [Fact]
    public void Split_Shell_GivesFunctions()
    {
        var chunks = Split("a.sh", "#!/bin/sh\nset -e\n\n# Builds it.\nbuild() {\n  if [ -n \"${1}\" ]; then\n    echo '}'\n  fi\n}\n\nfunction deploy {\n  build all\n}\n\nbuild x\ndeploy\n");

        Names(chunks).Where(n => n.StartsWith("function", StringComparison.Ordinal)).ShouldBe(["function build", "function deploy"]);
        chunks.Single(c => c.Name == "build").Doc.ShouldContain("Builds it.");
        chunks.Single(c => c.Name == "build").EndLine.ShouldBe(9);
    }

    [Fact]
    public void Split_Markdown_GivesSectionsUnderTheirHeadings()
    {
        var chunks = Split("a.md", "Before.\n\n# Shop\n\nText.\n\n```sh\n# no heading\n```\n\n## Orders\n\nMore.\n\n### Late ones\n\nYes.\n\n## Prices\n\nEnd.\n");

        Names(chunks).ShouldBe(["section ", "section Shop", "section Shop / Orders", "section Shop / Orders / Late ones", "section Shop / Prices"]);
        chunks[1].Text.ShouldContain("# no heading");
    }

    [Fact]
    public void Split_UnknownLanguage_GivesOverlappingBlocksThatCoverEveryLine()
    {
        var lines = Enumerable.Range(1, 130).Select(i => $"line {i}").ToList();

        var chunks = Split("a.txt", string.Join('\n', lines));

        chunks.Count.ShouldBeGreaterThan(2);
        Enumerable.Range(1, 130).ShouldAllBe(i => chunks.Any(c => c.StartLine <= i && i <= c.EndLine));
        chunks.Zip(chunks.Skip(1)).ShouldAllBe(p => p.Second.StartLine <= p.First.EndLine);
        chunks[^1].Text.ShouldEndWith("line 130");
    }

    [Fact]
    public void Split_MemberThatIsVeryLong_GivesPiecesThatCoverIt()
    {
        var chunks = Split("a.py", "def long():\n" + string.Join('\n', Enumerable.Range(0, 900).Select(i => $"    step({i})")));

        chunks.Count.ShouldBeGreaterThan(3);
        chunks.ShouldAllBe(c => c.Text.Length <= 12_000);
        chunks[0].StartLine.ShouldBe(1);
        chunks[^1].EndLine.ShouldBe(901);
        chunks.Zip(chunks.Skip(1)).ShouldAllBe(p => p.Second.StartLine == p.First.EndLine + 1);
    }

    [Theory]
    [InlineData("a.cs")]
    [InlineData("a.py")]
    [InlineData("a.ts")]
    [InlineData("a.js")]
    [InlineData("a.go")]
    [InlineData("a.rs")]
    [InlineData("A.java")]
    [InlineData("a.sql")]
    [InlineData("a.sh")]
    [InlineData("a.md")]
    [InlineData("a.txt")]
    public void Split_HostileText_EndsAndStaysWithinTheFile(string path)
    {
        var random = new Random(11);
        var parts = new[] { "{", "}", "(", ")", "\n", "\r\n", "\"", "'", "`", "/*", "*/", "//", "#", "```", "$$", "class X", "def y", "function z", "fn w", "impl", "\t", " ", ";", "=>", "\0", "\uD800", "é", "<", ">" };
        for (var i = 0; i < 60; i++)
        {
            var text = new StringBuilder();
            for (var j = 0; j < 400; j++)
                text.Append(parts[random.Next(parts.Length)]);
            var lines = text.ToString().Count(c => c == '\n') + 1;

            var chunks = Split(path, text.ToString());

            chunks.ShouldAllBe(c => c.StartLine >= 1 && c.EndLine <= lines && c.StartLine <= c.EndLine);
        }
    }

    [Theory]
    [InlineData("a.cs", "class X { void A() { ")]
    [InlineData("a.ts", "const a = (")]
    [InlineData("A.java", "public static <")]
    [InlineData("a.rs", "impl <")]
    [InlineData("a.py", "def a(")]
    [InlineData("a.sql", "create table ")]
    public async Task Split_LongTextOfOneBeginning_Ends(string path, string beginning)
    {
        var line = string.Concat(Enumerable.Repeat(beginning, 380 / beginning.Length)) + "\n";
        var text = string.Concat(Enumerable.Repeat(line, 400_000 / line.Length));

        (await Task.Run(() => Split(path, text)).WaitAsync(TimeSpan.FromMinutes(3))).ShouldAllBe(c => c.StartLine <= c.EndLine);
    }

    [Theory]
    [InlineData("a.ts", "import { x } from './x';\n\nexport const LIMIT = 40;\n\nfunction f() {\n  return x;\n}\n\nstart(LIMIT);\n", "LIMIT = 40", "start(LIMIT)")]
    [InlineData("a.go", "package a\n\nimport (\n\t\"fmt\"\n)\n\nconst Limit = 40\n\nfunc main() {\n\tfmt.Println(Limit)\n}\n\nvar Last = 3\n", "Limit = 40", "Last = 3")]
    [InlineData("a.rs", "use std::fmt;\n\nconst LIMIT: u32 = 40;\n\nfn main() {\n    run();\n}\n\nstatic LAST: u32 = 3;\n", "LIMIT: u32 = 40", "LAST: u32 = 3")]
    [InlineData("A.java", "package a;\n\nclass A {\n    void run() {\n        go();\n    }\n\n    private int limit = 40;\n\n    void stop() {\n        go();\n    }\n\n    private int last = 3;\n}\n", "limit = 40", "last = 3")]
    [InlineData("a.cs", "using System;\n\nnamespace Shop;\n\npublic class A\n{\n    public void Run()\n    {\n        Go();\n    }\n\n    private int _limit = 40;\n\n    public void Stop()\n    {\n        Go();\n    }\n\n    private int _last = 3;\n}\n", "_limit = 40", "_last = 3")]
    [InlineData("a.sh", "#!/bin/sh\nlimit=40\nbuild() {\n  make\n}\n\nbuild last\n", "limit=40", "build last")]
    public void Split_CodeBetweenDefinitions_IsAChunkOnce_AndImportsAloneAreNone(string path, string text, string first, string last)
    {
        var chunks = Split(path, text);

        foreach (var wanted in new[] { first, last })
            chunks.Count(c => c.Text.Contains(wanted, StringComparison.Ordinal)).ShouldBe(1);
        chunks.ShouldAllBe(c => c.Kind != "module" || c.Text.Contains(first, StringComparison.Ordinal) || c.Text.Contains(last, StringComparison.Ordinal));
    }

    private static IReadOnlyList<Chunk> Split(string path, string text) => Chunker.Split(path, Languages.Of(path), text);

    private static List<string> Names(IReadOnlyList<Chunk> chunks) => [.. chunks.Select(c => $"{c.Kind} {c.Name}")];
}
