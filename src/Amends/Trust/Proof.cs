using Amends.Foundation.Data;
using Amends.Foundation.Web;
using Microsoft.EntityFrameworkCore;

namespace Amends.Trust;

/// <summary>Changes of identity ask for the password again when it was last given more than a quarter of an hour ago.</summary>
static class Proof
{
    static readonly TimeSpan Fresh = TimeSpan.FromMinutes(15);

    /// <summary>The field of the form.</summary>
    public const string Field = "current-password";

    /// <summary>True when the form must ask.</summary>
    public static bool Needed(HttpContext http) =>
        http.Items[typeof(Gate.CurrentSession)] is not Gate.CurrentSession session || http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime - session.ProvedAt > Fresh;

    /// <summary>Checks what was given and notes in the form what is wrong. True when the person has proved himself, now or a moment ago.</summary>
    /// <param name="always">Ask in any case.</param>
    public static async Task<bool> Given(HttpContext http, FormState form, bool always = false)
    {
        if (!always && !Needed(http)) return true;
        var who = http.Who();
        var guesses = http.RequestServices.GetRequiredService<Guesses>();
        var account = "proof " + who.Id.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (form[Field].Length == 0) form.Wrong(Field, Words.GivePassword);
        else if (guesses.Ask(account, http.Connection.RemoteIpAddress) is { } wait) form.Wrong(Field, SignIn.SlowWords(wait));
        else
        {
            using var db = http.RequestServices.GetRequiredService<Databases>().Open();
            var hash = await db.Set<Colleague>().Where(c => c.Id == who.Id).Select(c => c.PasswordHash).FirstOrDefaultAsync();
            if (!Passwords.Fits(hash, form[Field])) form.Wrong(Field, Words.NotYourPassword);
            else
            {
                guesses.Right(account, http.Connection.RemoteIpAddress);
                if (http.Items[typeof(Gate.CurrentSession)] is Gate.CurrentSession session)
                    await http.RequestServices.GetRequiredService<Writer>().Run(who, null, async w => { await w.Set<Session>().Where(s => s.Id == session.Id).ExecuteUpdateAsync(s => s.SetProperty(x => x.ProvedAt, w.At)); });
                return true;
            }
        }
        return false;
    }
}
