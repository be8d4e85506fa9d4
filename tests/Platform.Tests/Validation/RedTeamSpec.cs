using Platform.Validation;
using Shouldly;

namespace Platform.Tests.Validation;

/// <summary>Generated code tries to get out, in every sandbox that works here. None of it may succeed, and this process must live.</summary>
public sealed class RedTeamSpec
{
    private static readonly TestLimits Limits = new() { Time = TimeSpan.FromSeconds(20), MemoryBytes = 256L << 20, OutputBytes = 1 << 20 };

    public static TheoryData<SandboxKind> Kinds => [SandboxKind.Bubblewrap, SandboxKind.Namespaces];

    /// <summary>Older kernels keep the setting of segments to the machine's root; there the watch over the machine's memory is what is left of the second kind.</summary>
    public static TheoryData<SandboxKind> KindsWithoutSegments => Inside.IsRoot || Environment.OSVersion.Version >= new Version(6, 9) ? Kinds : [SandboxKind.Bubblewrap];

    /// <summary>As root the second kind makes no user namespace, so that none can be forbidden in it.</summary>
    public static TheoryData<SandboxKind> KindsWithoutMounts => Inside.IsRoot ? [SandboxKind.Bubblewrap] : Kinds;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static async Task<Sandbox> OpenAsync(SandboxKind kind, SandboxOptions? options = null)
    {
        var sandbox = await Sandbox.OpenAsync((options ?? new SandboxOptions()) with { Kinds = [kind] }, Token);
        Assert.SkipWhen(sandbox.Status.Kind == SandboxKind.None, sandbox.Status.Reason ?? "");
        return sandbox;
    }

    private static async Task<ChildResult> RunAsync(SandboxKind kind, string language, string code, TestLimits? limits = null, SandboxOptions? options = null)
    {
        var sandbox = await OpenAsync(kind, options);
        string[] program = language == "python" ? ["/usr/bin/python3", "-I", "code"] : ["/bin/sh", "code"];
        Assert.SkipWhen(!File.Exists(program[0]), program[0] + " is not installed");
        var files = new Dictionary<string, byte[]> { ["code"] = System.Text.Encoding.UTF8.GetBytes(code) };
        return await sandbox.RunAsync(new SandboxCommand(program, files) { CopyInput = true, Limits = limits ?? Limits }, Token);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Environment_CanaryInParent_CannotBeRead(SandboxKind kind)
    {
        const string canary = "sk-canary-4711-do-not-leak";
        Environment.SetEnvironmentVariable("PLATFORM_CANARY_KEY", canary);
        try
        {
            var result = await RunAsync(kind, "sh", "env; cat /proc/*/environ /proc/*/cmdline /proc/*/task/*/environ 2>/dev/null; set; echo end");

            result.Output.ShouldContain("end");
            result.Output.ShouldNotContain(canary);
        }
        finally
        {
            Environment.SetEnvironmentVariable("PLATFORM_CANARY_KEY", null);
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Network_AnyAddress_CannotBeReached(SandboxKind kind)
    {
        // A real listener on this machine: without a network of its own the code would reach it.
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        var result = await RunAsync(kind, "python", $$"""
            import os, socket
            for address in [("127.0.0.1", {{port}}), ("1.1.1.1", 53), ("169.254.169.254", 80)]:
                try:
                    socket.create_connection(address, 1)
                    print("reached", address)
                except OSError:
                    pass
            print(sorted(n for _, n in socket.if_nameindex()))
            """);

        result.Output.Trim().ShouldBe("['lo']", result.Error);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Files_HomeDataAndWorkingTree_AreNotThere(SandboxKind kind)
    {
        var secret = Path.Combine(Path.GetTempPath(), "red-team-" + Guid.NewGuid().ToString("n"));
        await File.WriteAllTextAsync(secret, "canary-content", Token);
        try
        {
            var result = await RunAsync(kind, "sh", $"cat '{secret}' '/proc/1/root{secret}' '/proc/1/cwd{secret}' '../../..{secret}'; ls -d /root /home /var /opt /srv /mnt /old /run /etc/shadow /sys; cat /etc/passwd; echo end");

            // The one user inside, and nobody of this machine.
            result.Output.Trim().ShouldMatch(@"^sandbox:x:\d+:\d+::/work:/bin/sh\nend$");
        }
        finally
        {
            File.Delete(secret);
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Files_HiddenFolderBelowShownOne_IsEmpty(SandboxKind kind)
    {
        var result = await RunAsync(kind, "sh", "ls /usr/share/doc /usr/share; echo end", options: new SandboxOptions { HiddenPaths = ["/usr/share"] });

        result.Output.Split('\n').ShouldNotContain("dotnet");
        result.Output.ShouldContain("end");
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Files_WritesOutsideTheFolder_AllFail(SandboxKind kind)
    {
        var result = await RunAsync(kind, "sh", """
            for f in /usr/x /usr/bin/x /in/x /x /dev/x /proc/sys/kernel/hostname /proc/sysrq-trigger /bin/x /etc/x /lib/x; do
              (echo bad > $f) 2>/dev/null && echo "wrote $f"
            done
            ln -s /usr/bin/env link && (echo bad > link) 2>/dev/null && echo "wrote through link"
            ln -s /in/code code2 && (echo bad > code2) 2>/dev/null && echo "wrote input"
            mount -t tmpfs none /usr 2>/dev/null && echo mounted
            mount -o remount,rw /usr 2>/dev/null && echo remounted
            chroot / true 2>/dev/null && echo chroot
            mknod disk b 8 0 2>/dev/null && echo device
            echo fine > here && cat here
            """);

        result.Output.Trim().ShouldBe("fine", result.Error);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Files_SymlinksInTheInput_ReachNothingOutside(SandboxKind kind)
    {
        // What the code leaves behind, links included, is gone with the run: nobody outside follows it.
        var before = Directory.GetDirectories(Path.GetTempPath(), "platform-run-*");
        await RunAsync(kind, "sh", "ln -s / everything; ln -s /proc/1/root root; mkdir -p a/b/c; ln -s ../../../../.. a/b/c/up; ls root/root root/home a/b/c/up/root; echo end");

        Directory.GetDirectories(Path.GetTempPath(), "platform-run-*").Except(before).Count(d => File.Exists(Path.Combine(d, "in", "everything"))).ShouldBe(0);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task User_Inside_HasNoRights(SandboxKind kind)
    {
        var result = await RunAsync(kind, "sh", "id -u; grep -E 'CapEff|CapPrm|CapBnd|NoNewPrivs' /proc/self/status");

        result.Output.Split('\n')[0].ShouldNotBe("0");
        result.Output.ShouldContain("CapEff:\t0000000000000000");
        result.Output.ShouldContain("CapPrm:\t0000000000000000");
        result.Output.ShouldContain("NoNewPrivs:\t1");
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Processes_ForkBomb_IsBoundedAndEnds(SandboxKind kind)
    {
        var result = await RunAsync(kind, "python", """
            import os, sys, time
            made = 0
            while True:
                try:
                    pid = os.fork()
                except OSError:
                    print("refused after", made, flush=True)
                    break
                if pid == 0:
                    time.sleep(600)
                made += 1
                if made > 5000:
                    print("unbounded", flush=True)
                    break
            """, Limits with { Processes = 40 });

        result.Output.ShouldContain("refused after");
        int.Parse(result.Output.Split(' ')[2]).ShouldBeLessThan(40);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Processes_ThatSurviveTheTimeout_AreGone(SandboxKind kind)
    {
        var marker = "600." + Random.Shared.Next(100000, 999999);
        var result = await RunAsync(kind, "sh", $"(setsid nohup sleep {marker} >/dev/null 2>&1 &) ; trap '' TERM INT HUP; (trap '' TERM HUP; exec setsid sleep {marker}) & sleep {marker}", Limits with { Time = TimeSpan.FromSeconds(1) });

        result.TimedOut.ShouldBeTrue();
        (await StaysAsync(marker)).ShouldBeFalse();
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Processes_LeftBehindByACleanExit_AreGone(SandboxKind kind)
    {
        var marker = "600." + Random.Shared.Next(100000, 999999);
        await RunAsync(kind, "sh", $"(setsid nohup sleep {marker} >/dev/null 2>&1 &) ; exit 0");

        (await StaysAsync(marker)).ShouldBeFalse();
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Processes_KillingTheParent_ReachesNobodyOutside(SandboxKind kind)
    {
        var result = await RunAsync(kind, "sh", $"kill -9 {Environment.ProcessId} 2>/dev/null && echo killed; kill -9 $PPID 2>/dev/null; kill -9 -1 2>/dev/null; kill -9 1; sleep 1");

        result.Output.ShouldNotContain("killed");
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Memory_InFilesWithoutAName_IsStopped(SandboxKind kind)
    {
        // Never mapped, so that it belongs to no process's resident size.
        var result = await RunAsync(kind, "python", """
            import os, sys, time
            kept = 0
            try:
                for process in range(4):
                    if os.fork() == 0:
                        break
                while True:
                    fd = os.memfd_create("x")
                    kept += os.write(fd, b"x" * (1 << 20))
                    time.sleep(0.001)
            except OSError as problem:
                print("refused", problem, flush=True)
            time.sleep(1)
            print("kept", kept, flush=True)
            """, Limits with { MemoryBytes = 96L << 20 });

        (result.TooMuchMemory || (result.Output.Contains("refused") && result.Output.Contains("kept 0"))).ShouldBeTrue(result.Output + result.Error);
    }

    [Theory, MemberData(nameof(KindsWithoutSegments))]
    public async Task Memory_InSegmentsThatNobodyHolds_IsRefused(SandboxKind kind)
    {
        var result = await RunAsync(kind, "python", """
            import ctypes
            libc = ctypes.CDLL(None, use_errno=True)
            print("segment", libc.shmget(0, 1 << 20, 0o1600), flush=True)
            """);

        result.Output.Trim().ShouldBe("segment -1", result.Error);
    }

    [Theory, MemberData(nameof(KindsWithoutMounts))]
    public async Task Memory_OnAFileSystemOfItsOwn_IsRefused(SandboxKind kind)
    {
        var result = await RunAsync(kind, "sh", "unshare --user --map-root-user --mount sh -c 'mkdir -p m && mount -t tmpfs -o size=4g big m && echo mounted' 2>&1; echo end");

        result.Output.ShouldNotContain("mounted");
        result.Output.ShouldContain("end");
    }

    [Fact]
    public async Task SystemCalls_OfAnotherKind_AreFiltered()
    {
        var result = await RunAsync(SandboxKind.Bubblewrap, "python", """
            import ctypes, platform
            libc = ctypes.CDLL(None, use_errno=True)
            x64 = platform.machine() == "x86_64"
            calls = {"ptrace": 101 if x64 else 117, "bpf": 321 if x64 else 280, "keyctl": 250 if x64 else 219, "userfaultfd": 323 if x64 else 282, "io_uring_setup": 425, "fsopen": 430, "setns": 308 if x64 else 268}
            print(sorted(n for n, c in calls.items() if libc.syscall(c, 0, 0, 0, 0, 0) != -1 or ctypes.get_errno() not in (1, 38)))
            print(open("/proc/self/status").read().split("Seccomp:")[1].split()[0])
            """);

        result.Output.Trim().ShouldBe("[]\n2", result.Error);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Memory_TenGigabytes_IsStopped(SandboxKind kind)
    {
        var result = await RunAsync(kind, "python", """
            kept = []
            try:
                for _ in range(1024):
                    kept.append(bytearray(b"x") * (10 << 20))
                print("got it all", flush=True)
            except MemoryError:
                print("refused", flush=True)
            """);

        (result.TooMuchMemory || result.Output.Contains("refused")).ShouldBeTrue();
        result.Output.ShouldNotContain("got it all");
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Memory_SharedOrSpreadOverProcesses_IsStopped(SandboxKind kind)
    {
        var result = await RunAsync(kind, "python", """
            import mmap, os, time
            for _ in range(20):
                if os.fork() == 0:
                    held = mmap.mmap(-1, 128 << 20)
                    for i in range(0, len(held), 4096):
                        held[i] = 1
                    time.sleep(600)
            time.sleep(600)
            """);

        result.TooMuchMemory.ShouldBeTrue();
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Output_Endless_IsStopped(SandboxKind kind)
    {
        var result = await RunAsync(kind, "sh", "while :; do echo yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy; done");

        result.TooMuchOutput.ShouldBeTrue();
        result.Output.Length.ShouldBe(Limits.OutputBytes);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Disk_BigAndManyFiles_AreStopped(SandboxKind kind)
    {
        var result = await RunAsync(kind, "python", """
            total = 0
            for folder in ["/work", "/tmp", "/dev/shm"]:
                for n in range(40):
                    try:
                        with open(f"{folder}/{n}", "wb") as f:
                            for _ in range(64):
                                total += f.write(b"x" * (1 << 20))
                    except OSError:
                        pass
            print(total >> 20, flush=True)
            """, Limits with { FileBytes = 8 << 20, ScratchBytes = 16 << 20 });

        if (!result.TooMuchMemory)
            int.Parse(result.Output).ShouldBeLessThan(48);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Cancellation_EndsTheWholeTree(SandboxKind kind)
    {
        var sandbox = await OpenAsync(kind);
        var marker = "600." + Random.Shared.Next(100000, 999999);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var command = new SandboxCommand(["/bin/sh", "-c", $"sleep {marker} & sleep {marker}"], new Dictionary<string, byte[]>());
        var running = sandbox.RunAsync(command, cancel.Token);
        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => running);
        (await StaysAsync(marker)).ShouldBeFalse();
    }

    // The kernel ends the processes of a dead namespace in its own time; they must be gone soon, without anyone's help.
    private static async Task<bool> StaysAsync(string marker)
    {
        for (var tries = 0; tries < 200; tries++)
        {
            if (!CommandLines().Any(c => c.StartsWith("sleep", StringComparison.Ordinal) && c.Contains(marker)))
                return false;
            await Task.Delay(25, Token);
        }
        return true;
    }

    private static IEnumerable<string> CommandLines()
    {
        foreach (var folder in Directory.GetDirectories("/proc").Where(d => int.TryParse(Path.GetFileName(d), out _)))
        {
            var text = "";
            try
            {
                text = File.ReadAllText(folder + "/cmdline");
            }
            catch (IOException)
            {
                // It ended meanwhile.
            }
            yield return text;
        }
    }
}
