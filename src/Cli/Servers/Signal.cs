using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Platform.Cli.Servers;

/// <summary>A POSIX signal, with the number it has on Linux.</summary>
internal readonly record struct Signal(int Number)
{
    private const int NoSuchProcess = 3;

    /// <summary>SIGINT: PostgreSQL's fast shutdown.</summary>
    public static readonly Signal Interrupt = new(2);

    /// <summary>SIGKILL.</summary>
    public static readonly Signal Kill = new(9);

    /// <summary>SIGTERM.</summary>
    public static readonly Signal Terminate = new(15);

    /// <summary>SIGCONT: go on after <see cref="Stop"/>.</summary>
    public static readonly Signal Continue = new(18);

    /// <summary>SIGSTOP: freeze.</summary>
    public static readonly Signal Stop = new(19);

    /// <summary>Sends it; a process that is gone already is no error.</summary>
    /// <exception cref="Win32Exception">The process belongs to somebody else.</exception>
    public void SendTo(int pid)
    {
        if (SendSignal(pid, Number) != 0 && Marshal.GetLastPInvokeError() is var error and not NoSuchProcess)
            throw new Win32Exception(error, $"Signal {Number} could not be sent to process {pid}.");
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int pid, int signal);
}
