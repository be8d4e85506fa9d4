using Platform.Validation;
using Shouldly;

namespace Platform.Tests.Validation;

/// <summary>Package lists: imitated names and open versions.</summary>
public sealed class DependencySecuritySpec
{
    [Theory]
    [InlineData("SEC601", "requirements.txt", "reqeusts==2.31.0")]
    [InlineData("SEC602", "requirements.txt", "requests>=2.0")]
    [InlineData("SEC602", "requirements-dev.txt", "pytest")]
    [InlineData("SEC601", "package.json", "{ \"dependencies\": { \"expresss\": \"4.18.2\" } }")]
    [InlineData("SEC602", "package.json", "{ \"dependencies\": { \"express\": \"^4.18.2\" } }")]
    [InlineData("SEC602", "package.json", "{ \"devDependencies\": { \"jest\": \"latest\" } }")]
    [InlineData("SEC601", "a.csproj", "<Project><ItemGroup><PackageReference Include=\"Newtonsoft.Jsom\" Version=\"13.0.3\" /></ItemGroup></Project>")]
    [InlineData("SEC602", "a.csproj", "<Project><ItemGroup><PackageReference Include=\"Serilog\" Version=\"4.*\" /></ItemGroup></Project>")]
    [InlineData("SEC601", "a.csx", "#r \"nuget: Newtonsoft.Jsn, 13.0.3\"")]
    [InlineData("SEC602", "a.csx", "#r \"nuget: Dapper\"")]
    [InlineData("SEC602", "a.cs", "#:package Dapper")]
    [InlineData("SEC601", "a.py", "import nunpy")]
    [InlineData("SEC601", "a.js", "const l = require('lodahs')")]
    [InlineData("SEC602", "a.sh", "pip install requests")]
    [InlineData("SEC601", "a.sh", "npm install expres@4.18.2")]
    public async Task Scan_RiskyDependency_IsFound(string rule, string path, string text) => (await Scan.FileAsync(path, text)).ShouldHold(rule, 1);

    [Theory]
    [InlineData("requirements.txt", "requests==2.31.0  # http\n-r other.txt\n\nscikit_learn==1.5.0 ; python_version > '3.8'\n")]
    [InlineData("package.json", "{ \"dependencies\": { \"preact\": \"10.0.0\", \"local\": \"file:../local\" }, \"peerDependencies\": { \"react\": \">=17\" } }")]
    [InlineData("a.csproj", "<Project><ItemGroup><PackageReference Include=\"Serilog\" Version=\"4.0.0\" /><PackageReference Include=\"Dapper\" /><PackageVersion Include=\"Npgsql\" Version=\"$(Npgsql)\" /></ItemGroup></Project>")]
    [InlineData("a.csx", "#r \"nuget: Dapper, 2.1.35\"\n#r \"System.Xml\"")]
    [InlineData("a.py", "import numpy, requests\nfrom flask import Flask\n")]
    [InlineData("a.js", "import x from './loadash.js'; import { y } from 'react'")]
    [InlineData("notes.txt", "reqeusts is a slip of the pen")]
    public async Task Scan_SoundDependencies_AreClean(string path, string text) =>
        (await Scan.FileAsync(path, text)).Findings.Where(f => f.Rule.StartsWith("SEC6", StringComparison.Ordinal)).ShouldBeEmpty();

    [Fact]
    public async Task Scan_PackageJson_NamesTheLine() => (await Scan.FileAsync("package.json", "{\n  \"dependencies\": {\n    \"axios\": \"*\"\n  }\n}")).ShouldHold("SEC602", 3);
}
