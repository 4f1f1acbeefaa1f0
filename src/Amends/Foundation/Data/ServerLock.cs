namespace Amends.Foundation.Data;

/// <summary>
/// Held by the one process that has a SQLite house open: <c>server.lock</c> in the data folder, locked by the system and so given back
/// also when the process is killed. PostgreSQL serves many, and needs none.
/// </summary>
public sealed class ServerLock : IDisposable
{
    readonly FileStream? held;

    ServerLock(FileStream? held) => this.held = held;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="Trouble">Another process has it, or the folder cannot be written.</exception>
    public static ServerLock Take(DataPlace place)
    {
        Reach(place);
        if (place.Postgres is not null) return new ServerLock(null);
        try
        {
            return new ServerLock(new FileStream(Path.Combine(place.Folder, "server.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException why) { throw NoRights(place, why); }
        catch (IOException why)
        {
            throw new Trouble(Speech.Say(Web.Words.FolderInUse, place.Folder), why);
        }
    }

    /// <summary>Makes the data folder where it is missing, and tries whether it can be written.</summary>
    /// <exception cref="Trouble">It cannot.</exception>
    public static void Reach(DataPlace place)
    {
        try
        {
            place.Prepare();
            var probe = Path.Combine(place.Folder, $".probe-{Environment.ProcessId}");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
        }
        catch (UnauthorizedAccessException why) { throw NoRights(place, why); }
        catch (IOException why) when (File.Exists(place.Folder))
        {
            throw new Trouble(Speech.Say(Web.Words.FolderIsFile, place.Folder), why);
        }
        catch (IOException why) when (why.HResult is 28 or 122)
        {
            throw new Trouble(Speech.Say(Web.Words.FolderFull, place.Folder), why);
        }
        catch (IOException why) when (why.HResult == 30)
        {
            throw new Trouble(Speech.Say(Web.Words.FolderReadOnly, place.Folder), why);
        }
    }

    static Trouble NoRights(DataPlace place, Exception why) =>
        new($"The folder {place.Folder} cannot be written by {Environment.UserName}. Give it to that user (chown -R {Environment.UserName} {place.Folder}) or choose another one with --data.", why);

    /// <summary>Gives the lock back. The file stays: another process may be opening it.</summary>
    public void Dispose() => held?.Dispose();
}
