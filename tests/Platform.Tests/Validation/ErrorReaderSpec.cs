using Platform.Validation;
using Shouldly;

namespace Platform.Tests.Validation;

/// <summary>What tools and dying programs print, read as errors: of each language what a compiler says and how a program ends.</summary>
public sealed class ErrorReaderSpec
{
    [Theory]
    [InlineData("/src/Shop/Order.cs(12,34): error CS0103: The name 'custmer' does not exist in the current context [/src/Shop/Shop.csproj]", "csharp", "CS0103", "The name 'custmer' does not exist in the current context", "/src/Shop/Order.cs", 12, 34)]
    [InlineData("  1>C:\\src\\Shop\\Order.cs(12,34): error CS0103: The name 'x' does not exist [C:\\src\\Shop\\Shop.csproj]", "csharp", "CS0103", "The name 'x' does not exist", "C:\\src\\Shop\\Order.cs", 12, 34)]
    [InlineData("CSC : error CS5001: Program does not contain a static 'Main' method suitable for an entry point [/src/Shop.csproj]", "csharp", "CS5001", "Program does not contain a static 'Main' method suitable for an entry point", "", 0, 0)]
    [InlineData("/src/Shop.csproj : error NU1101: Unable to find package Nowhere.", "csharp", "NU1101", "Unable to find package Nowhere.", "/src/Shop.csproj", 0, 0)]
    [InlineData("\u001b[96msrc/a.ts\u001b[0m:\u001b[93m3\u001b[0m:\u001b[93m5\u001b[0m - \u001b[91merror\u001b[0m\u001b[90m TS2304: \u001b[0mCannot find name 'cnt'.", "typescript", "TS2304", "Cannot find name 'cnt'.", "src/a.ts", 3, 5)]
    [InlineData("C:\\src\\a.ts:3:5 - error TS2304: Cannot find name 'cnt'.", "typescript", "TS2304", "Cannot find name 'cnt'.", "C:\\src\\a.ts", 3, 5)]
    [InlineData("C:\\my src\\main.go:6:7: undefined: cnt", "go", "", "undefined: cnt", "C:\\my src\\main.go", 6, 7)]
    [InlineData("\u001b[1m\u001b[38;5;9merror[E0308]\u001b[0m\u001b[0m\u001b[1m: mismatched types\u001b[0m\n\u001b[0m \u001b[0m\u001b[1m\u001b[38;5;12m--> \u001b[0mC:\\src\\a.rs:4:18\n  |", "rust", "E0308", "mismatched types", "C:\\src\\a.rs", 4, 18)]
    [InlineData("C:\\src\\s.js:2\n  return 1;\n         ^\n\nSyntaxError: Unexpected number\n    at wrapSafe (node:internal/modules/cjs/loader:1464:18)", "javascript", "SyntaxError", "Unexpected number", "C:\\src\\s.js", 2, 10)]
    [InlineData("a.ts(3,5): error TS2304: Cannot find name 'cnt'.", "typescript", "TS2304", "Cannot find name 'cnt'.", "a.ts", 3, 5)]
    [InlineData("src/a.tsx:3:5 - error TS2551: Property 'lenght' does not exist on type 'string'.", "typescript", "TS2551", "Property 'lenght' does not exist on type 'string'.", "src/a.tsx", 3, 5)]
    [InlineData("./main.go:6:7: undefined: cnt", "go", "", "undefined: cnt", "./main.go", 6, 7)]
    [InlineData("vet: ./main.go:9:2: x declared and not used", "go", "", "x declared and not used", "./main.go", 9, 2)]
    [InlineData("a.rs:5:20: error[E0425]: cannot find function `totl` in this scope", "rust", "E0425", "cannot find function `totl` in this scope", "a.rs", 5, 20)]
    [InlineData("A.java:7: error: ';' expected\n        System.out.println(len(s) + cnt)\n                                        ^\n1 error", "java", "", "';' expected", "A.java", 7, 41)]
    [InlineData("C.java:4: error: cannot find symbol\n        Sting s = null;\n        ^\n  symbol:   class Sting\n  location: class C", "java", "", "cannot find symbol: class Sting", "C.java", 4, 9)]
    [InlineData("error[E0308]: mismatched types\n --> a.rs:4:18\n  |\n4 |     let n: i32 = \"x\";", "rust", "E0308", "mismatched types", "a.rs", 4, 18)]
    [InlineData("error: expected `;`, found keyword `let`\n --> s.rs:1:22\n  |", "rust", "", "expected `;`, found keyword `let`", "s.rs", 1, 22)]
    [InlineData("  File \"s.py\", line 1\n    def f(:\n          ^\nSyntaxError: invalid syntax", "python", "SyntaxError", "invalid syntax", "s.py", 1, 7)]
    [InlineData("/src/s.js:2\n  return 1;\n         ^\n\nSyntaxError: Unexpected number\n    at wrapSafe (node:internal/modules/cjs/loader:1464:18)", "javascript", "SyntaxError", "Unexpected number", "/src/s.js", 2, 10)]
    public void Read_WhatACompilerSays_IsOneError(string output, string language, string code, string message, string path, int line, int column)
    {
        var found = ErrorReader.Read("some words before\n" + output + "\nand after\n").ShouldHaveSingleItem();

        (found.Language, found.Code, found.Message, found.Path, found.Line, found.Column).ShouldBe((language, code, message, path, line, column));
        found.IsTrace.ShouldBeFalse();
    }

    [Theory]
    [InlineData("warning: unused variable: `x`\n --> s.rs:1:17")]
    [InlineData("Order.cs(12,34): warning CS0168: The variable 'x' is declared but never used")]
    [InlineData("Build succeeded.\n    0 Warning(s)\n    0 Error(s)")]
    [InlineData("{\"$message_type\":\"diagnostic\",\"message\":\"unused\",\"code\":null,\"level\":\"warning\",\"spans\":[]}")]
    [InlineData("{\"spans\": 3, \"level\": \"error\"}")]
    [InlineData("Traceback (most recent call last):\nbroken off")]
    [InlineData("panic: at the disco")]
    [InlineData("")]
    public void Read_NoError_FindsNothing(string output) => ErrorReader.Read(output).ShouldBeEmpty();

    [Fact]
    public void Read_RustJson_TakesThePrimaryPlace()
    {
        const string line = """{"reason":"compiler-message","message":{"message":"mismatched types","code":{"code":"E0308","explanation":"x"},"level":"error","spans":[{"file_name":"a.rs","line_start":4,"column_start":12,"is_primary":false},{"file_name":"a.rs","line_start":4,"column_start":18,"is_primary":true}]}}""";

        var found = ErrorReader.Read(line).ShouldHaveSingleItem();

        (found.Code, found.Message, found.Path, found.Line, found.Column).ShouldBe(("E0308", "mismatched types", "a.rs", 4, 18));
    }

    [Theory]
    [InlineData("""
        Unhandled exception. System.InvalidOperationException: outer
         ---> System.NullReferenceException: Object reference not set to an instance of an object.
           at Shop.Order.Total() in /src/Order.cs:line 12
           --- End of inner exception stack trace ---
           at Shop.Program.Main(String[] args) in /src/Program.cs:line 3
        """, "csharp", "NullReferenceException", "Object reference not set to an instance of an object.", "/src/Order.cs", 12)]
    [InlineData("""
        System.ArgumentOutOfRangeException: Specified argument was out of the range of valid values. (Parameter 'count')
        Actual value was -1.
           at Shop.Order.Take(Int32 count) in C:\src\Order.cs:line 12
           at Shop.Program.Main(String[] args) in C:\src\Program.cs:line 3
        """, "csharp", "ArgumentOutOfRangeException", "Specified argument was out of the range of valid values. (Parameter 'count')", @"C:\src\Order.cs", 12)]
    [InlineData("""
          Error Message:
           System.NullReferenceException : Object reference not set to an instance of an object.
          Stack Trace:
             at Shop.Order.Total() in /src/Order.cs:line 12
        """, "csharp", "NullReferenceException", "Object reference not set to an instance of an object.", "/src/Order.cs", 12)]
    [InlineData("""
        TypeError: items.mapp is not a function
            at Array.forEach (<anonymous>)
            at new Promise (<anonymous>)
            at total (C:\src\shop.js:3:17)
            at async Promise.all (index 0)
            at async file:///C:/src/main.mjs:9:1
        """, "javascript", "TypeError", "items.mapp is not a function", @"C:\src\shop.js", 3)]
    [InlineData("""
        node:internal/process/promises:288

        AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:

        1 !== 2

            at Object.<anonymous> (/src/shop.test.js:4:8)
            at Module._compile (node:internal/modules/cjs/loader:1256:14) {
          generatedMessage: true
        }
        """, "javascript", "AssertionError", "Expected values to be strictly equal:", "/src/shop.test.js", 4)]
    [InlineData("""
            def test_total():
        >       assert total([1]) == 1

        test_shop.py:4:
        _ _ _ _ _ _ _ _ _ _ _ _
            def total(items):
        >       return cnt
        E       NameError: name 'cnt' is not defined

        shop.py:2: NameError
        """, "python", "NameError", "name 'cnt' is not defined", "shop.py", 2)]
    [InlineData("""
        System.ArgumentOutOfRangeException: Index was out of range. (Parameter 'index')
           at System.Collections.Generic.List`1.get_Item(Int32 index)
           at Shop.Cart.<>c__DisplayClass3_0.<First>b__0(Int32 i) in /src/Cart.cs:line 9
        """, "csharp", "ArgumentOutOfRangeException", "Index was out of range. (Parameter 'index')", "/src/Cart.cs", 9)]
    [InlineData("""
        Traceback (most recent call last):
          File "a.py", line 8, in <module>
            run()
          File "a.py", line 7, in run
            json.loads("{")
          File "/usr/lib/python3.11/json/__init__.py", line 346, in loads
            return _default_decoder.decode(s)
        json.decoder.JSONDecodeError: Expecting property name
        """, "python", "JSONDecodeError", "Expecting property name", "a.py", 7)]
    [InlineData("""
        /src/a.js:2
          return o.items.length;
                         ^

        TypeError: Cannot read properties of undefined (reading 'length')
            at pick (/src/a.js:2:18)
            at Object.<anonymous> (/src/a.js:4:1)
            at Module._compile (node:internal/modules/cjs/loader:1521:14)
            at node:internal/main/run_main_module:28:49

        Node.js v20.20.2
        """, "javascript", "TypeError", "Cannot read properties of undefined (reading 'length')", "/src/a.js", 2)]
    [InlineData("""
        panic: runtime error: index out of range [9] with length 3

        goroutine 1 [running]:
        main.pick(...)
        	/src/main.go:6
        main.main()
        	/src/main.go:11 +0x1d
        exit status 2
        """, "go", "panic", "runtime error: index out of range [9] with length 3", "/src/main.go", 6)]
    [InlineData("""
        thread 'main' (12153) panicked at p.rs:1:43:
        index out of bounds: the len is 3 but the index is 9
        stack backtrace:
           0: __rustc::rust_begin_unwind
                     at /rustc/5980/library/std/src/panicking.rs:689:5
           6: p::pick
                     at ./p.rs:1:43
        note: Some details are omitted.
        """, "rust", "panic", "index out of bounds: the len is 3 but the index is 9", "p.rs", 1)]
    [InlineData("thread 'main' panicked at 'called `Option::unwrap()` on a `None` value', src/main.rs:4:5", "rust", "panic", "called `Option::unwrap()` on a `None` value", "src/main.rs", 4)]
    [InlineData("""
        Exception in thread "main" java.lang.IllegalStateException: no length
        	at B.run(B.java:4)
        	at B.main(B.java:5)
        Caused by: java.lang.NullPointerException: Cannot invoke "String.length()"
        	at java.base/java.util.Objects.requireNonNull(Objects.java:208)
        	at B.len(B.java:3)
        	... 2 more
        """, "java", "NullPointerException", "Cannot invoke \"String.length()\"", "B.java", 3)]
    public void Read_StackTrace_NamesTheCauseAndItsPlaceInOwnCode(string output, string language, string code, string message, string path, int line)
    {
        var found = ErrorReader.Read(output).ShouldHaveSingleItem();

        (found.Language, found.Code, found.Message, found.Path, found.Line).ShouldBe((language, code, message, path, line));
        found.IsTrace.ShouldBeTrue();
    }

    [Theory]
    [InlineData("Traceback (most recent call last):\n")]
    [InlineData("  File \"a\", line 1\n")]
    [InlineData("panic: x\n")]
    [InlineData("System.AException: x\n ---> System.BException: y\n")]
    [InlineData("A.java:1: error: cannot find symbol\n")]
    [InlineData("(((((((((((((((((1,2): error ")]
    public void Read_HostileText_EndsSoonAndStaysBounded(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 4_000_000 / piece.Length));

        ErrorReader.Read(text).Count.ShouldBeLessThanOrEqualTo(200);
    }

    [Theory]
    [InlineData("rustc", "a.rs", "--edition 2021 --crate-type lib --emit metadata", "pub fn f() -> i32 { cnt }\n", "rust", "E0425", 1)]
    [InlineData("rustc", "a.rs", "--edition 2021 --crate-type lib --emit metadata --error-format json", "pub fn f() -> i32 { \"x\" }\n", "rust", "E0308", 1)]
    [InlineData("javac", "A.java", "-proc:none", "class A {\n  int f() { return cnt; }\n}\n", "java", "", 2)]
    [InlineData("node", "a.js", "", "function f() { return cnt; }\nf();\n", "javascript", "ReferenceError", 1)]
    [InlineData("node", "a.js", "--check", "function f( {\n  return 1;\n}\n", "javascript", "SyntaxError", 2)]
    [InlineData("python3", "a.py", "-I", "def f():\n    return cnt\nf()\n", "python", "NameError", 2)]
    [InlineData("python3", "a.py", "-I", "def f(:\n    pass\n", "python", "SyntaxError", 1)]
    public async Task Read_OutputOfTheRealTool_IsUnderstood(string tool, string file, string arguments, string code, string language, string id, int line)
    {
        Assert.SkipWhen(Tool.Find(tool) is null, tool + " is not installed");
        using var folder = new InputFolder(Path.GetTempPath(), new Dictionary<string, byte[]> { [file] = System.Text.Encoding.UTF8.GetBytes(code) });
        var program = Tool.Find(tool)!;
        var command = new ChildCommand(program, [.. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), file]) { Folder = folder.Path, Environment = CommandChecker.Environment(program) };
        var result = await ChildProcess.RunAsync(command, new TestLimits { Time = TimeSpan.FromMinutes(1) }, TestContext.Current.CancellationToken);

        var found = ErrorReader.Read(result.Output + "\n" + result.Error).FirstOrDefault().ShouldNotBeNull(result.Output + result.Error);

        (found.Language, found.Code, found.Line, Path.GetFileName(found.Path)).ShouldBe((language, id, line, file));
    }
}
