using System.Collections.Concurrent;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>
/// How much mail one address may send us on one day (A38): beyond it mail is kept raw and set aside with the reason, where a person releases it. What is proved to be of
/// the address and what only says so are counted apart: a forger sets nothing aside of whom he names. The database is asked only once an
/// address has sent a tenth of it to this process: most never do.
/// </summary>
public sealed class SenderLoad(House house)
{
    /// <summary>Messages of one address on one day.</summary>
    public static readonly SettingName<int> Most = new("mail.sender.most", 2000);

    /// <summary>Megabytes of one address on one day.</summary>
    public static readonly SettingName<int> MostMegabytes = new("mail.sender.megabytes", 1000);

    const int MostKeys = 50_000;
    readonly ConcurrentDictionary<(string Sender, bool Proved), (DateOnly Day, int Count, long Bytes)> seen = new();

    /// <summary>Inside of a write: counts a message in and says whether it is too much.</summary>
    /// <param name="delivery">Tracked; it is told its sender and length.</param>
    /// <param name="proved">It is of whom it says.</param>
    public async Task<bool> IsTooMuch(Database db, Delivery delivery, string? sender, bool proved, long bytes)
    {
        if (sender is null || delivery.Way == MailboxImport.Imported) return false;
        (delivery.Sender, delivery.Bytes) = (sender, bytes);
        if (delivery.Allowed) return false;
        var (most, mostBytes) = (house.Get(Most), house.Get(MostMegabytes) * 1_000_000L);
        var day = delivery.ReceivedAt.Date;
        if (seen.Count > MostKeys) seen.Clear();
        var here = seen.AddOrUpdate((sender, proved), (DateOnly.FromDateTime(day), 1, bytes), (_, was) => was.Day == DateOnly.FromDateTime(day) ? (was.Day, was.Count + 1, was.Bytes + bytes) : (DateOnly.FromDateTime(day), 1, bytes));
        if (here.Count * 10L <= most && here.Bytes * 10 <= mostBytes) return false;
        var (id, next) = (delivery.Id, day.AddDays(1));
        var taken = db.Set<Delivery>().Where(d => d.Sender == sender && d.ReceivedAt >= day && d.ReceivedAt < next && d.Id != id && d.State == DeliveryState.Taken
            && db.Set<Contact>().Any(c => c.Id == d.ContactId && c.Trust == SenderTrust.Verified) == proved);
        return await taken.CountAsync() >= most || await taken.SumAsync(d => d.Bytes) + bytes > mostBytes;
    }
}

/// <summary>How long the text of one mail may be read (A39): what takes longer is set aside, and the others go on.</summary>
public sealed record MailBudget(TimeSpan Time)
{
    /// <summary>A mail of 50 MB takes about two seconds.</summary>
    public static MailBudget Usual { get; } = new(TimeSpan.FromSeconds(10));
}
