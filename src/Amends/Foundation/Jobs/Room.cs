namespace Amends.Foundation.Jobs;

/// <summary>Where the lanes of one process work beside each other, and which one piece of work may have for itself for a while.</summary>
sealed class Room
{
    readonly Lock turn = new();
    readonly HashSet<Lane> closed = [];
    int inside;
    TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously), left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Goes in, once the room is open for the lane. Each who goes in leaves.</summary>
    public async Task Enter(Lane lane, CancellationToken stop)
    {
        while (true)
        {
            Task wait;
            lock (turn)
            {
                if (!closed.Contains(lane))
                {
                    inside++;
                    return;
                }
                wait = opened.Task;
            }
            await wait.WaitAsync(stop);
        }
    }

    /// <summary>One more, by who is inside.</summary>
    public void Stay()
    {
        lock (turn) inside++;
    }

    public void Leave()
    {
        lock (turn)
        {
            inside--;
            left.TrySetResult();
        }
    }

    /// <summary>Closes the room and waits until all have left, or for as long as <paramref name="most"/>.</summary>
    public async Task Empty(TimeSpan most, CancellationToken stop)
    {
        lock (turn) closed.UnionWith(Enum.GetValues<Lane>());
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(most);
        while (!limit.IsCancellationRequested)
        {
            Task wait;
            lock (turn)
            {
                if (inside == 0) return;
                left = new(TaskCreationOptions.RunContinuationsAsynchronously);
                wait = left.Task;
            }
            await wait.WaitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        stop.ThrowIfCancellationRequested();
    }

    /// <summary>Opens it for all lanes but these.</summary>
    public void Open(IReadOnlyCollection<Lane> but)
    {
        lock (turn)
        {
            closed.RemoveWhere(lane => !but.Contains(lane));
            opened.TrySetResult();
            opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
