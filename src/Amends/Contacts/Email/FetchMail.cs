using System.IO.Pipelines;
using System.Security.Cryptography;
using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Mail;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>
/// Fetches mail from the servers of our mailboxes (IMAP), each mailbox by a task of its own: one that hangs or fails keeps no other waiting. A message is
/// stored and committed with its line of the ledger, and only then marked, moved or deleted on the server; whatever ends the program in between, it is
/// read again and not doubled. On PostgreSQL one of several processes reads a mailbox, under a lease; that two would do no harm the ledger sees to.
/// </summary>
public sealed class FetchMail(Databases databases, Writer write, BlobStore blobs, MailboxImport import, MailServers servers, MailTokens tokens, HintBoard hints, DiskRoom room, TimeProvider clock, ILogger<FetchMail> log) : BackgroundService, IAsyncDisposable
{
    /// <summary>Kind of the hint by which a mailbox is read at once: its version is 0.</summary>
    internal const string HintKind = "mailbox";

    // A message whose fetching ends the connection again and again is set aside, so that the others come in; it is tried again each hour.
    const int MostTries = 3, AtOnce = 50, Step = 500;
    static readonly TimeSpan Renewed = TimeSpan.FromSeconds(10), Leased = TimeSpan.FromSeconds(30), Patience = TimeSpan.FromMinutes(5), Poll = TimeSpan.FromMinutes(1), AsideFor = TimeSpan.FromHours(1), Look = TimeSpan.FromSeconds(30), WholeEach = TimeSpan.FromHours(1);
    static readonly Actor Me = Actor.System("mail in");

    readonly TimeProvider clock = clock;
    readonly ILogger<FetchMail> log = log;
    readonly string node = Guid.NewGuid().ToString("N");

    sealed class Reading(Mailbox box)
    {
        public readonly Mailbox Box = box;
        public long Place;
        public readonly Dictionary<(uint Validity, uint Uid), int> Tries = [];
        public readonly Lock Gate = new();
        public CancellationTokenSource Stop = null!;
        public CancellationTokenSource? Round;
        public bool Asked, AlsoAside;
        public int Failures;
        public Task Task = Task.CompletedTask;

        public string Folder => Box.ImapFolder is { Length: > 0 } named ? named : "INBOX";

        /// <summary>What waits is woken; what is at work goes on, and begins again afterwards.</summary>
        public void Wake()
        {
            lock (Gate)
            {
                Asked = true;
                Round?.Cancel();
            }
        }

        /// <summary>Takes note of having been asked, once.</summary>
        public bool WasAsked()
        {
            lock (Gate)
            {
                AlsoAside |= Asked;
                (var asked, Asked) = (Asked, false);
                return asked;
            }
        }

        /// <summary>Waits for something, or until it is woken.</summary>
        public async Task Wait(Func<CancellationToken, Task> what, CancellationToken stop)
        {
            using var woken = CancellationTokenSource.CreateLinkedTokenSource(stop);
            lock (Gate)
            {
                if (Asked) return;
                Round = woken;
            }
            try { await what(woken.Token); }
            finally { lock (Gate) Round = null; }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var ear = hints.Listen();
        var running = new Dictionary<long, Reading>();
        while (!stoppingToken.IsCancellationRequested)
        {
            try { await Follow(running, stoppingToken); }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { break; }
            // The database is away for a while: what runs goes on.
            catch (Exception why) { log.LogWarning("Mailboxes are looked at again soon: {Why}", why.Message); }
            await Hear(ear, running, stoppingToken);
        }
        foreach (var one in running.Values) await End(one);
    }

    // Until something is said of mailboxes, or half a minute is over.
    async Task Hear(HintBoard.Subscription ear, Dictionary<long, Reading> running, CancellationToken stop)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var timer = clock.CreateTimer(static end => ((CancellationTokenSource)end!).Cancel(), wait, Look, Timeout.InfiniteTimeSpan);
        try
        {
            while (await ear.Reader.WaitToReadAsync(wait.Token))
            {
                var heard = false;
                while (ear.Reader.TryRead(out var hint))
                {
                    if (hint.Kind is not (HintKind or "all")) continue;
                    heard = true;
                    if (hint is { Kind: HintKind, Version: 0 } && running.TryGetValue(hint.Id, out var asked)) asked.Wake();
                }
                if (heard) return;
            }
        }
        catch (OperationCanceledException) { }
    }

    // Begins with new mailboxes, ends with those that are no more, begins anew with changed ones.
    async Task Follow(Dictionary<long, Reading> running, CancellationToken stop)
    {
        List<Mailbox> wanted;
        using (var db = databases.Open()) wanted = await db.Set<Mailbox>().Where(m => m.ImapOn && !m.Retired && m.ImapHost != null && m.ImapHost != "").ToListAsync(stop);
        foreach (var old in running.Values.Where(r => !wanted.Exists(w => w.Id == r.Box.Id && w.Version == r.Box.Version)).ToList())
        {
            await End(old);
            running.Remove(old.Box.Id);
        }
        foreach (var box in wanted.Where(w => !running.ContainsKey(w.Id)))
        {
            var one = new Reading(box) { Stop = CancellationTokenSource.CreateLinkedTokenSource(stop) };
            one.Task = Task.Run(() => Read(one, one.Stop.Token), CancellationToken.None);
            running[box.Id] = one;
        }
    }

    static async Task End(Reading one)
    {
        await one.Stop.CancelAsync();
        await one.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        one.Stop.Dispose();
    }

    /// <summary>Ends what reads, and waits for it: also where the house is disposed of without having been stopped.</summary>
    public async ValueTask DisposeAsync()
    {
        Dispose();
        if (ExecuteTask is { } running) await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        GC.SuppressFinalize(this);
    }

    async Task Read(Reading one, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var pause = TimeSpan.Zero;
            try
            {
                one.WasAsked();
                if (await Lease(one, stop)) await Session(one, stop);
                else pause = Renewed;
            }
            catch (Exception) when (stop.IsCancellationRequested) { break; }
            // Woken, and then the connection is a new one; or another process reads it now.
            catch (OperationCanceledException) { pause = one.Asked ? TimeSpan.Zero : Renewed; }
            catch (Exception why) { pause = await Failed(one, why, stop); }
            if (pause > TimeSpan.Zero) await one.Wait(token => Task.Delay(pause, clock, token), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await Release(one);
    }

    // ---- One connection ----

    async Task Session(Reading one, CancellationToken stop)
    {
        using var held = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await using var keeping = databases.IsSqlite ? null : new Renewal(this, one, held);
        stop = held.Token;
        await using var imap = await ImapClient.ConnectAsync(servers.Of(one.Box), clock, stop);
        var opened = await imap.SelectAsync(one.Folder, cancel: stop);
        await SeeWhetherRenumbered(one, imap, opened, stop);
        var old = await OldUid(one, imap, opened, stop);
        var (next, wholeAt) = (1u, clock.GetTimestamp());
        while (true)
        {
            // A message that came while the folder was compared is after all that were compared; now and then all is compared, for those that turn up in between.
            if (one.WasAsked() || clock.GetElapsedTime(wholeAt) > WholeEach) (next, wholeAt) = (1u, clock.GetTimestamp());
            var exists = imap.Exists;
            (next, var took) = await Pass(one, imap, opened, old, next, stop);
            // What came while we were at it was told then, and is not told again.
            if (took > 0 || imap.Exists != exists) continue;
            await one.Wait(token => imap.WaitAsync(Patience, Poll, token), stop);
            if (imap.UidValidity != opened.UidValidity) throw new ImapException(ImapFault.Closed, "The folder was made anew.");
        }
    }

    /// <summary>
    /// UIDs never mean another message as long as UIDVALIDITY stays; a server that was rebuilt or restored does not always keep that. Where its next UID is one that
    /// we know already, or known UIDs belong to messages of another date, all is read anew, and known again by its bytes.
    /// </summary>
    async Task SeeWhetherRenumbered(Reading one, ImapClient imap, ImapSelected opened, CancellationToken stop)
    {
        var (box, validity) = (one.Box.Id, (long)opened.UidValidity);
        int generation;
        List<(uint Uid, DateTime? Received)> newest;
        using (var db = databases.Open())
        {
            generation = await db.Set<MailboxState>().Where(s => s.MailboxId == box).Select(s => s.Generation).FirstOrDefaultAsync(stop);
            var place = one.Place = PlaceOf(one, generation);
            newest = (await db.Set<FetchedMail>().Where(f => f.MailboxId == box && f.Place == place && f.UidValidity == validity).OrderByDescending(f => f.Uid).Take(Step).Select(f => new { f.Uid, f.Received }).ToListAsync(stop)).ConvertAll(f => ((uint)f.Uid, f.Received));
        }
        if (newest.Count == 0) return;
        var renumbered = opened.UidNext is { } next && next <= newest[0].Uid;
        if (!renumbered)
        {
            var known = newest.Where(f => f.Received is not null).ToDictionary(f => f.Uid, f => f.Received!.Value);
            renumbered = known.Count > 0 && (await Infos(imap, [.. known.Keys.Order()], stop)).Any(i => i.Received is { } at && at.UtcDateTime != known[i.Uid]);
        }
        if (!renumbered) return;
        log.LogWarning("The server of {Mailbox} has numbered its messages anew without saying so: all are compared by their content", one.Box.Address);
        await Note(one, (s, _) => s.Generation = generation + 1);
        one.Place = PlaceOf(one, generation + 1);
    }

    static long PlaceOf(Reading one, int generation) => FetchedMail.PlaceOf(one.Box.ImapHost!, one.Box.ImapUser ?? "", one.Folder, generation);

    /// <summary>What lay there before the mailbox was connected, where only what arrives afterwards is wanted.</summary>
    async Task<uint> OldUid(Reading one, ImapClient imap, ImapSelected opened, CancellationToken stop)
    {
        if (one.Box.ImapFrom is not { } from) return 0;
        MailboxState? state;
        using (var db = databases.Open()) state = await db.Set<MailboxState>().FirstOrDefaultAsync(s => s.MailboxId == one.Box.Id, stop);
        if (state is not null && state.OldPlace == one.Place && state.OldValidity == opened.UidValidity && state.OldFrom == from) return (uint)state.OldUid;
        // The clocks of two machines differ a little: rather one too many.
        var before = from - TimeSpan.FromMinutes(10);
        var old = await LastOld(imap, before, stop);
        await Note(one, (s, _) => (s.OldUid, s.OldPlace, s.OldValidity, s.OldFrom) = (old, one.Place, opened.UidValidity, from));
        return old;
    }

    // Old mail that was brought there later stands behind new mail: what stands behind new mail is read, for of the two the new must not be missed.
    static async Task<uint> LastOld(ImapClient imap, DateTime before, CancellationToken stop)
    {
        uint old = 0;
        foreach (var some in (await imap.SearchAsync(1, stop)).Order().Chunk(Step))
        {
            foreach (var info in (await imap.InfoAsync(some, stop)).OrderBy(i => i.Uid))
            {
                if (info.Received is not { } at) continue;
                if (at.UtcDateTime >= before) return old;
                old = info.Uid;
            }
        }
        return old;
    }

    /// <summary>Takes what is there and not here, and settles what is here. Answers the UID to go on from, and how many were taken.</summary>
    async Task<(uint Next, int Took)> Pass(Reading one, ImapClient imap, ImapSelected opened, uint old, uint first, CancellationToken stop)
    {
        var there = await imap.SearchAsync(Math.Max(first, old + 1), stop);
        var ledger = await Ledger(one, opened.UidValidity, there, stop);
        var now = clock.GetUtcNow().UtcDateTime;
        var also = one.AlsoAside;
        bool IsAside(uint uid) => ledger.TryGetValue(uid, out var line) && line.Delivery is null && !also && line.At > now - AsideFor;
        var fresh = there.Where(uid => !(ledger.TryGetValue(uid, out var line) && line.Delivery is not null) && !IsAside(uid))
            .OrderBy(uid => one.Tries.GetValueOrDefault((opened.UidValidity, uid))).ThenBy(uid => uid).ToList();
        var aside = there.Count(IsAside);
        // How far behind we are is worth a question only where that lasts.
        var newestThere = fresh.Count + aside > AtOnce ? await Arrived(imap, there[^1], stop) : null;
        var left = fresh.Count;
        await Note(one, (s, _) => { (s.There, s.NotHere) = (imap.Exists, left + aside); if (newestThere is not null) s.NewestThere = newestThere; });
        (MailTrouble Kind, string Said)? trouble = null;
        var pending = there.Where(uid => ledger.TryGetValue(uid, out var line) && line is { Delivery: not null, Settled: false }).ToList();
        string? refused = null;
        var took = 0;
        DateTime? newestHere = null;
        // Also what was stored by an earlier try, and by a program that ended since.
        var cut = pending.Where(uid => ledger[uid].IsCut).ToHashSet();
        foreach (var uid in fresh)
        {
            FetchedFrom? got = null;
            try
            {
                got = await Take(one, imap, opened.UidValidity, uid, stop);
                one.Tries.Remove((opened.UidValidity, uid));
            }
            // (What ends with the connection says more than this message; the next connection begins with the others.)
            catch (ImapException why)
            {
                var tries = one.Tries[(opened.UidValidity, uid)] = one.Tries.GetValueOrDefault((opened.UidValidity, uid)) + 1;
                if (tries >= MostTries || why.Fault == ImapFault.TooLarge || !imap.IsClosed) await SetAside(one, opened.UidValidity, uid, why.Message, stop);
                if (imap.IsClosed) throw;
                refused ??= why.Message;
                aside++;
            }
            left--;
            if (got is null) continue;
            took++;
            pending.Add(uid);
            if (got.IsCut) cut.Add(uid);
            if (got.Received is { } at && (newestHere is null || at.UtcDateTime > newestHere)) newestHere = at.UtcDateTime;
            if (pending.Count < AtOnce) continue;
            trouble = await Settle(one, imap, opened, pending, cut, stop) ?? trouble;
            pending.Clear();
            var (open, newest) = (left + aside, newestHere);
            await Note(one, (s, at) => { (s.NotHere, s.GoodAt) = (open, at); Newest(s, newest); });
        }
        trouble = await Settle(one, imap, opened, pending, cut, stop) ?? trouble;
        if (aside > 0) trouble ??= (MailTrouble.SomeNotTaken, refused ?? await SaidOfAside(one, opened.UidValidity, stop));
        if (aside > 0) newestThere ??= await Arrived(imap, there[^1], stop);
        (one.Failures, one.AlsoAside) = (0, false);
        await Note(one, (s, at) =>
        {
            (s.There, s.NotHere, s.GoodAt, s.NextTry) = (imap.Exists, aside, at, null);
            Newest(s, newestHere);
            if (newestThere is not null) s.NewestThere = newestThere;
            if (aside == 0) s.NewestThere = s.NewestHere;
            if (trouble is { } told) Fails(s, told.Kind, told.Said, at);
            else (s.FailsSince, s.Trouble, s.Said, s.ToldAt) = (null, null, null, null);
        });
        // With something left to do all is compared again.
        return (trouble is not null ? 1 : there.Count > 0 ? there[^1] + 1 : first, took);
    }

    // A server that cannot say it is read all the same.
    static async Task<IReadOnlyList<ImapInfo>> Infos(ImapClient imap, IReadOnlyList<uint> uids, CancellationToken stop)
    {
        try { return await imap.InfoAsync(uids, stop); }
        catch (ImapException) when (!imap.IsClosed) { return []; }
    }

    static async Task<DateTime?> Arrived(ImapClient imap, uint uid, CancellationToken stop) => (await Infos(imap, [uid], stop)) is [{ Received: { } at }, ..] ? at.UtcDateTime : null;

    static void Newest(MailboxState s, DateTime? newest)
    {
        if (newest is not null && (s.NewestHere is null || newest > s.NewestHere)) s.NewestHere = newest;
    }

    static void Fails(MailboxState s, MailTrouble kind, string? said, DateTime at)
    {
        s.FailsSince ??= at;
        (s.Trouble, s.Said) = (kind, said is { Length: > 500 } ? said[..500] : said);
    }

    sealed record Line(long? Delivery, DateTime At, bool Settled, bool IsCut);

    async Task<Dictionary<uint, Line>> Ledger(Reading one, uint validity, IReadOnlyList<uint> there, CancellationToken stop)
    {
        var known = new Dictionary<uint, Line>();
        if (there.Count == 0) return known;
        var (box, place, from, to) = (one.Box.Id, one.Place, (long)there[0], (long)there[^1]);
        using var db = databases.Open();
        var lines = db.Set<FetchedMail>().Where(f => f.MailboxId == box && f.Place == place && f.UidValidity == validity && f.Uid >= from && f.Uid <= to)
            .Select(f => new { f.Uid, f.DeliveryId, f.At, f.Settled, IsCut = !f.Settled && db.Set<Delivery>().Any(d => d.Id == f.DeliveryId && d.IsCut) });
        await foreach (var line in lines.AsAsyncEnumerable().WithCancellation(stop)) known[(uint)line.Uid] = new(line.DeliveryId, line.At, line.Settled, line.IsCut);
        return known;
    }

    /// <summary>Fetches one message into the store and commits it with its line of the ledger. Null when it is gone, or has no content.</summary>
    async Task<FetchedFrom?> Take(Reading one, ImapClient imap, uint validity, uint uid, CancellationToken stop)
    {
        // Before a byte is asked for: what is not here stays there as it is.
        room.NeedsRoom();
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 512 * 1024, resumeWriterThreshold: 256 * 1024, useSynchronizationContext: false));
        var storing = Store(pipe.Reader, stop);
        ImapFetched? fetched;
        try
        {
            await using var sink = pipe.Writer.AsStream(leaveOpen: true);
            fetched = await imap.FetchAsync(uid, sink, MailboxImport.Largest, stop);
        }
        catch (Exception why)
        {
            // Half a message is none: its file goes with it.
            await pipe.Writer.CompleteAsync(new NothingCame());
            await storing.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            if (why is ImapException && storing.Exception?.InnerException is StoreAway away) throw away;
            throw;
        }
        var empty = fetched is null || fetched.IsEmpty || fetched.Bytes == 0;
        await pipe.Writer.CompleteAsync(empty ? new NothingCame() : null);
        Blob blob;
        try { blob = await storing; }
        catch (NothingCame)
        {
            // Deleted meanwhile by somebody; or a broken one, of which the server has no bytes.
            if (fetched is not null) throw new ImapException(ImapFault.Refused, Words.MailWithoutContent);
            return null;
        }
        var from = new FetchedFrom(one.Place, validity, uid, fetched!.Info.Received, fetched.IsCut);
        await import.Keep(Me, one.Box.Id, blob, null, one.Box.Address, MailboxImport.Fetched, from, stop);
        return from;
    }

    sealed class NothingCame() : Exception("Nothing came.");

    async Task<Blob> Store(PipeReader reader, CancellationToken stop)
    {
        await using var bytes = reader.AsStream(leaveOpen: true);
        try { return await blobs.Put(bytes, MailboxImport.Largest, stop); }
        finally { await reader.CompleteAsync(); }
    }

    // It stays on the server as it is, and stands on the page of mail health.
    Task SetAside(Reading one, uint validity, uint uid, string why, CancellationToken stop) => write.Run(Me, null, async db =>
    {
        var line = await new FetchedFrom(one.Place, validity, uid, null, false).LineOf(db, one.Box.Id);
        if (line.DeliveryId is null) (line.At, line.Trouble) = (db.At, why.Length > 500 ? why[..500] : why);
    }, stop);

    async Task<string> SaidOfAside(Reading one, uint validity, CancellationToken stop)
    {
        using var db = databases.Open();
        return await db.Set<FetchedMail>().Where(f => f.MailboxId == one.Box.Id && f.Place == one.Place && f.UidValidity == validity && f.DeliveryId == null).OrderByDescending(f => f.Uid).Select(f => f.Trouble).FirstOrDefaultAsync(stop) ?? "";
    }

    /// <summary>Tells the server of what is stored here. Before this it was only looked at.</summary>
    async Task<(MailTrouble, string)?> Settle(Reading one, ImapClient imap, ImapSelected opened, List<uint> uids, HashSet<uint> cut, CancellationToken stop)
    {
        if (uids.Count == 0) return null;
        if (opened.IsReadOnly) return (MailTrouble.ReadOnly, "");
        try
        {
            // Of what is too long we have the beginning: the rest stays where it is.
            var whole = one.Box.ImapThen == AfterFetch.MarkRead ? [] : uids.Where(uid => !cut.Contains(uid)).ToList();
            var seen = one.Box.ImapThen == AfterFetch.MarkRead ? uids : [.. uids.Where(cut.Contains)];
            if (seen.Count > 0) await imap.FlagAsync(seen, set: true, ["\\Seen"], stop);
            if (whole.Count > 0 && one.Box.ImapThen == AfterFetch.Delete) await imap.RemoveAsync(whole, stop);
            if (whole.Count > 0 && one.Box.ImapThen == AfterFetch.Move) await Move(imap, whole, one.Box.ImapMoveTo ?? "", stop);
        }
        catch (ImapException why) when (!imap.IsClosed)
        {
            var kind = MailTroubles.Of(why);
            return (kind is MailTrouble.Full or MailTrouble.ReadOnly ? kind : MailTrouble.NotPutAway, why.Message);
        }
        foreach (var some in uids.Chunk(Step))
        {
            var (box, place, validity, list) = (one.Box.Id, one.Place, (long)opened.UidValidity, some.Select(uid => (long)uid).ToList());
            await write.Run(Me, null, db => db.Set<FetchedMail>().Where(f => f.MailboxId == box && f.Place == place && f.UidValidity == validity && list.Contains(f.Uid)).ExecuteUpdateAsync(set => set.SetProperty(f => f.Settled, true), CancellationToken.None), stop);
        }
        return null;
    }

    static async Task Move(ImapClient imap, List<uint> uids, string folder, CancellationToken stop)
    {
        try { await imap.MoveAsync(uids, folder, stop); }
        catch (ImapException why) when (!imap.IsClosed && (why.Fault == ImapFault.NoSuchFolder || MailTroubles.Of(why) == MailTrouble.Refused))
        {
            // Not every server has a code for a folder that is not there.
            await imap.CreateAsync(folder, stop);
            await imap.MoveAsync(uids, folder, stop);
        }
    }

    // ---- What went wrong ----

    async Task<TimeSpan> Failed(Reading one, Exception why, CancellationToken stop)
    {
        one.Failures++;
        var (kind, fault) = why switch
        {
            ImapException { Fault: ImapFault.WrongPassword } when one.Box.ImapLogin != MailLogin.Password => (MailTrouble.TokenRefused, ImapFault.WrongPassword),
            ImapException imap => (MailTroubles.OfAll(imap), imap.Fault),
            MailTokenTrouble token => (token.Kind, MailTokens.FaultOf(token.Kind)),
            StoreAway => (MailTrouble.NoRoomHere, ImapFault.Closed),
            CryptographicException => (MailTrouble.NoSecret, ImapFault.WrongPassword),
            _ => (MailTrouble.Fault, ImapFault.Closed)
        };
        var said = why is MailTokenTrouble trouble ? trouble.Said : why.Message;
        if (kind == MailTrouble.Fault) log.LogError(why, "Mailbox {Mailbox} could not be read", one.Box.Address);
        else log.LogWarning("Mailbox {Mailbox}: {Trouble}", one.Box.Address, MailTroubles.Says(kind, one.Box, said));
        // Many mailboxes of one server that was away do not all come back in one moment; and no pause is longer than it was meant.
        var pause = ImapPauses.After(one.Failures, fault) * (0.75 + RandomNumberGenerator.GetInt32(0, 251) / 1000.0);
        try
        {
            if (kind == MailTrouble.TokenRefused) await tokens.Doubt(one.Box.Id);
            await Note(one, (s, at) => { Fails(s, kind, said, at); s.NextTry = at + pause; });
        }
        catch (Exception away) when (!stop.IsCancellationRequested) { log.LogWarning("What is wrong with {Mailbox} could not be written down: {Why}", one.Box.Address, away.Message); }
        return pause;
    }

    Task Note(Reading one, Action<MailboxState, DateTime> say) => write.Run(Me, null, async db =>
    {
        say(await StateOf(db, one.Box.Id), db.At);
        db.Tell(new Hint("mailboxstate", one.Box.Id, 1));
    }, CancellationToken.None);

    static async Task<MailboxState> StateOf(Database db, long mailbox)
    {
        var state = await db.Set<MailboxState>().AsTracking().FirstOrDefaultAsync(s => s.MailboxId == mailbox);
        if (state is null) db.Add(state = new MailboxState { MailboxId = mailbox });
        return state;
    }

    // ---- One process at a time ----

    async Task<bool> Lease(Reading one, CancellationToken stop)
    {
        // SQLite serves one process, and the lease of one that was killed would keep its successor waiting.
        if (databases.IsSqlite) return true;
        return await write.Run(Me, null, async db =>
        {
            var state = await StateOf(db, one.Box.Id);
            // One that lasts longer than any is of a clock that was ahead.
            if (state.LeasedBy is { } other && other != node && state.LeasedUntil > db.At && state.LeasedUntil <= db.At + Leased + TimeSpan.FromMinutes(1)) return false;
            (state.LeasedBy, state.LeasedUntil) = (node, db.At + Leased);
            return true;
        }, stop);
    }

    async Task Release(Reading one)
    {
        if (databases.IsSqlite) return;
        try
        {
            await write.Run(Me, null, db => db.Set<MailboxState>().Where(s => s.MailboxId == one.Box.Id && s.LeasedBy == node)
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.LeasedBy, (string?)null).SetProperty(s => s.LeasedUntil, (DateTime?)null)), CancellationToken.None);
        }
        // It ends by itself.
        catch (Exception why) { log.LogDebug("The lease of {Mailbox} was not given back: {Why}", one.Box.Address, why.Message); }
    }

    /// <summary>Renews the lease while a connection stands; where it is lost the connection ends.</summary>
    sealed class Renewal : IAsyncDisposable
    {
        readonly CancellationTokenSource end = new();
        readonly Task running;

        public Renewal(FetchMail all, Reading one, CancellationTokenSource held) => running = Task.Run(() => Renew(all, one, held), CancellationToken.None);

        async Task Renew(FetchMail all, Reading one, CancellationTokenSource held)
        {
            while (true)
            {
                await Task.Delay(Renewed, all.clock, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (end.IsCancellationRequested) return;
                try
                {
                    if (await all.Lease(one, end.Token)) continue;
                }
                catch (OperationCanceledException) when (end.IsCancellationRequested) { return; }
                catch (Exception why) { all.log.LogWarning("The lease of {Mailbox} could not be renewed: {Why}", one.Box.Address, why.Message); }
                await held.CancelAsync();
                return;
            }
        }

        public async ValueTask DisposeAsync()
        {
            await end.CancelAsync();
            await running;
            end.Dispose();
        }
    }
}
