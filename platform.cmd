@echo off
rem Builds the command once (again only when its sources changed) and runs it. What the build has to say goes to standard error.
setlocal
set "ROOT=%~dp0"
set "BUILDS=%ROOT%artifacts\platform"
where dotnet >nul 2>nul || (
  echo platform: the .NET 10 SDK is needed and 'dotnet' is not on the path: see https://dotnet.microsoft.com/download 1>&2
  exit /b 1
)
powershell -NoProfile -Command "$s = '%BUILDS%\stamp'; if (-not (Test-Path $s)) { exit 1 }; $t = (Get-Item $s).LastWriteTimeUtc; Set-Location '%ROOT%'; $n = Get-ChildItem src, ServiceDefaults, protos, Directory.Build.props, Directory.Packages.props, global.json -Recurse | Where-Object { $_.FullName -notmatch '\\(bin|obj)(\\|$)' -and $_.LastWriteTimeUtc -gt $t } | Select-Object -First 1; if ($n) { exit 1 } else { exit 0 }"
if errorlevel 1 (
  echo platform: building, a minute or two the first time 1>&2
  if not exist "%BUILDS%" mkdir "%BUILDS%"
  rem Before the build: what changes while it runs is newer than it.
  echo current>"%BUILDS%\stamp.new"
  dotnet build "%ROOT%src\Cli\Cli.csproj" --configuration Release --verbosity quiet --nologo -nodeReuse:false -p:UseSharedCompilation=false --output "%BUILDS%\current" 1>&2 || exit /b 1
  move /y "%BUILDS%\stamp.new" "%BUILDS%\stamp" >nul
)
set "PLATFORM_COMMAND=%ROOT%platform.cmd"
dotnet "%BUILDS%\current\platform.dll" %*
exit /b %errorlevel%
