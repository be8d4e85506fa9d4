using System.Diagnostics;
using System.Text;
using System.Threading.Channels;

namespace Platform.Tests.Cli;

/// <summary>A command that runs. It is killed with its children when it is disposed of, or when its time is up.</summary>
internal sealed class RunningCommand : IAsyncDisposable
{
    private readonly CancellationTokenSource _limit;
    private readonly CancellationTokenRegistration _killing;
    private readonly Process _process;
    private readonly Stream _output;
    private readonly Stream _errors;

    public RunningCommand(ProcessStartInfo start, TimeSpan limit)
    {
        _limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        _limit.CancelAfter(limit);
        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        _output = new Stream(_process.StandardOutput);
        _errors = new Stream(_process.StandardError);
        _killing = _limit.Token.Register(Kill);
    }

    /// <summary>The next line of standard output.</summary>
    public Task<string> OutputLineAsync() => LineAsync(_output, static _ => true);

    /// <summary>The next line of standard error that a test asks for.</summary>
    public Task<string> ErrorLineAsync(Predicate<string> wanted) => LineAsync(_errors, wanted);

    /// <summary>Waits until it ends by itself.</summary>
    public async Task<CommandResult> EndAsync()
    {
        await Task.WhenAll(_output.Read, _errors.Read);
        await _process.WaitForExitAsync(_limit.Token);
        return new CommandResult(_process.ExitCode, _output.Text, _errors.Text);
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await Task.WhenAll(_output.Read, _errors.Read);
        await _killing.DisposeAsync();
        _process.Dispose();
        _limit.Dispose();
    }

    private async Task<string> LineAsync(Stream from, Predicate<string> wanted)
    {
        await foreach (var line in from.Lines.ReadAllAsync(_limit.Token))
        {
            if (wanted(line))
                return line;
        }

        throw new InvalidOperationException($"The command ended without that line.\noutput: {_output.Text}\nerrors: {_errors.Text}");
    }

    private void Kill()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
    }

    /// <summary>One of its streams, read all the time so that the command never waits for a reader.</summary>
    private sealed class Stream
    {
        private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
        private readonly StringBuilder _text = new();

        public Stream(StreamReader reader) => Read = ReadAsync(reader);

        public Task Read { get; }

        public ChannelReader<string> Lines => _lines.Reader;

        /// <summary>Everything; to be asked for when it has ended.</summary>
        public string Text => _text.ToString();

        private async Task ReadAsync(StreamReader reader)
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                _text.Append(line).Append('\n');
                _lines.Writer.TryWrite(line);
            }

            _lines.Writer.Complete();
        }
    }
}
