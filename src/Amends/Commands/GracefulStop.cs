using System.Runtime.InteropServices;
using Amends.Foundation.Web;

namespace Amends.Commands;

/// <summary>
/// Stops in order: first the house says that it is not ready, so that a proxy sends nothing new; then connections end and what has begun is
/// finished. SIGTERM gives the proxy a second to look; Ctrl+C does not wait. Together at most 15 seconds (F15).
/// </summary>
sealed class GracefulStop(IHostApplicationLifetime lifetime, Readiness readiness) : IHostLifetime, IDisposable
{
    static readonly TimeSpan Notice = TimeSpan.FromSeconds(1);
    readonly List<PosixSignalRegistration> ears = [];

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        ears.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, Notice)));
        ears.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, TimeSpan.Zero)));
        ears.Add(PosixSignalRegistration.Create(PosixSignal.SIGQUIT, signal => Stop(signal, TimeSpan.Zero)));
        return Task.CompletedTask;
    }

    void Stop(PosixSignalContext signal, TimeSpan notice)
    {
        signal.Cancel = true;
        if (readiness.Stopping) return;
        readiness.Stopping = true;
        Console.WriteLine(Words.Stopping);
        _ = Task.Delay(notice).ContinueWith(_ => lifetime.StopApplication(), TaskScheduler.Default);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => ears.ForEach(ear => ear.Dispose());
}
