using System.Net;
using System.Net.Sockets;

namespace Platform.Cli.Servers;

/// <summary>
/// Finds ports below the range the kernel hands to outgoing connections: a client that keeps dialling a server which is
/// being restarted could otherwise be given that very port as its own and connect to itself.
/// </summary>
internal static class FreePort
{
    private const int First = 20_000;
    private const int Last = 32_000;

    /// <summary>Ports that nobody listens on now, all different.</summary>
    public static int[] Take(int count)
    {
        var ports = new HashSet<int>();
        for (var tries = 0; ports.Count < count; tries++)
        {
            if (tries > 1_000)
                throw new ServersException($"No free port was found on 127.0.0.1 between {First} and {Last}.");
            var port = Random.Shared.Next(First, Last);
            if (IsFree(port))
                ports.Add(port);
        }

        return [.. ports];
    }

    /// <summary>Whether a server could listen on the port now.</summary>
    public static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // As servers do: a port whose old connections are still closing counts as free.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, !OperatingSystem.IsWindows());
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
