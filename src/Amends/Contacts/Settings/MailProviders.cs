using System.Globalization;
using Amends.Foundation.Data;
using Amends.Foundation.Outbox;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>A provider in the list.</summary>
public sealed record MailProviderLine(string Name, string Href, bool IsSetUp, int Signed);

/// <summary>The providers, and what else our connections for mail may reach.</summary>
public sealed record MailProvidersModel(IReadOnlyList<MailProviderLine> Lines, FormState Form);

/// <summary>The app of the house at one provider.</summary>
/// <param name="Redirect">What is to be entered there as the address to come back to.</param>
public sealed record MailProviderModel(MailProvider Provider, string Redirect, bool HasSecret, FormState Form);

/// <summary><c>/settings/mail-sign-in</c>: the house's own apps at Microsoft and Google, by which mailboxes are signed in to; and servers inside of its own network.</summary>
static class MailProviders
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/settings/mail-sign-in", All).Needs(Verb.ManageSettings);
        app.MapPost("/settings/mail-sign-in", SaveInner).Needs(Verb.ManageSettings);
        foreach (var provider in MailProvider.All)
        {
            app.MapGet($"/settings/mail-sign-in/{provider.Key}", (House house, HouseAddress ours) => Show(provider, house, ours)).Needs(Verb.ManageSettings);
            app.MapPost($"/settings/mail-sign-in/{provider.Key}", (HttpContext http, Writer write, House house, HouseAddress ours) => Save(provider, http, write, house, ours)).Needs(Verb.ManageSettings);
        }
    }

    static async Task<MailProvidersModel> Model(Databases databases, House house, FormState form)
    {
        using var db = databases.Open();
        var signed = await db.Set<MailGrant>().GroupBy(g => g.Login).Select(g => new { g.Key, Count = g.Count() }).ToListAsync();
        return new([.. MailProvider.All.Select(p => new MailProviderLine(p.Name, $"/settings/mail-sign-in/{p.Key}", p.Server(house) is not null, signed.Find(s => s.Key == p.Login)?.Count ?? 0))], form);
    }

    static async Task<IResult> All(Databases databases, House house) => View.Page<MailProvidersPage>(await Model(databases, house, FormState.With(("inner", house.Get(HouseSettings.Inner)))));

    static async Task<IResult> SaveInner(HttpContext http, Databases databases, Writer write, House house)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        var inner = string.Join(' ', MailProvider.Split(form.May("inner", 2000) ?? ""));
        if (Reach.Wrong(inner) is { } wrong) form.Wrong("inner", string.Format(CultureInfo.CurrentCulture, Words.InnerWrong, wrong));
        if (!form.IsValid) return View.Invalid<MailProvidersPage>(await Model(databases, house, form));
        await write.Run(http.Who(), form.Once, db => house.Set(db, HouseSettings.Inner, inner), http.RequestAborted);
        house.Forget();
        return View.Go(http, "/settings/mail-sign-in");
    }

    static MailProviderModel Model(MailProvider provider, House house, HouseAddress ours, FormState form) => new(provider, ours.Link(provider.BackPath), house.Get(provider.Secret).Length > 0, form);

    static IResult Show(MailProvider provider, House house, HouseAddress ours) => View.Page<MailProviderPage>(Model(provider, house, ours,
        FormState.With(("client", house.Get(provider.Client)), ("tenants", house.Get(provider.Tenants)), ("authorize", house.Get(provider.Authorize)), ("tokens", house.Get(provider.Tokens)), ("hosts", house.Get(provider.Hosts)))));

    static async Task<IResult> Save(MailProvider provider, HttpContext http, Writer write, House house, HouseAddress ours)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        var client = form.May("client", 200) ?? "";
        var (secret, kept) = (form["secret"], house.Get(provider.Secret).Length > 0);
        var tenants = MailProvider.Split(form.May("tenants", 1000) ?? "");
        var authorize = form.May("authorize", 500) ?? provider.DefaultAuthorize;
        var tokens = form.May("tokens", 500) ?? provider.DefaultTokens;
        var hosts = MailProvider.Split(form.May("hosts", 1000) ?? provider.DefaultHosts);
        if (client.Any(c => c is <= ' ' or > '~')) form.Wrong("client", Words.ClientWrong);
        if (secret.Length > 1000 || secret.Any(char.IsControl)) form.Wrong("secret", Words.PasswordWrong);
        if (provider.HasTenants && client.Length > 0 && tenants.Length == 0) form.Wrong("tenants", Words.TenantsNeeded);
        if (tenants.FirstOrDefault(t => !Guid.TryParseExact(t, "D", out _)) is { } odd) form.Wrong("tenants", string.Format(CultureInfo.CurrentCulture, Words.TenantWrong, odd));
        foreach (var (field, url) in new[] { ("authorize", authorize), ("tokens", tokens) })
            if (MailProvider.Address(url.Replace("{tenant}", "organizations", StringComparison.Ordinal)) is null) form.Wrong(field, Words.ProviderUrlWrong);
        if (hosts.FirstOrDefault(h => h.Length > 255 || !h.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-')) is { } host) form.Wrong("hosts", string.Format(CultureInfo.CurrentCulture, Words.HostsWrong, host));
        // A kept secret goes to the app and the address that it was given for.
        var same = client == house.Get(provider.Client) && tokens == house.Get(provider.Tokens);
        if (client.Length > 0 && secret.Length == 0 && !(kept && same)) form.Wrong("secret", kept ? Words.SecretAgain : Words.SecretNeeded);
        if (!form.IsValid) return View.Invalid<MailProviderPage>(Model(provider, house, ours, form));
        // So do the tokens of the mailboxes: who signed in did so for this app, these directories and these servers, and does so again for others.
        var trusted = MailProvider.Split(house.Get(provider.Hosts));
        var (before, wider) = (provider.HasTenants ? MailProvider.Split(house.Get(provider.Tenants)) : [], hosts.Except(trusted, StringComparer.OrdinalIgnoreCase).Any());
        var end = !same || wider || provider.HasTenants && !tenants.ToHashSet(StringComparer.OrdinalIgnoreCase).SetEquals(before);
        await write.Run(http.Who(), form.Once, async db =>
        {
            await house.Set(db, provider.Client, client);
            if (provider.HasTenants) await house.Set(db, provider.Tenants, string.Join(' ', tenants));
            await house.Set(db, provider.Authorize, authorize);
            await house.Set(db, provider.Tokens, tokens);
            await house.Set(db, provider.Hosts, string.Join(' ', hosts));
            if (secret.Length > 0) await house.Set(db, provider.Secret, secret);
            else if (client.Length == 0 && kept) await house.Set(db, provider.Secret, "");
            if (end)
            {
                await db.Set<MailGrant>().Where(g => g.Login == provider.Login).ExecuteDeleteAsync();
                await db.Set<PendingSignIn>().Where(p => p.Login == provider.Login).ExecuteDeleteAsync();
            }
            // What was refused with the settings of before is asked again.
            else await db.Set<MailGrant>().Where(g => g.Login == provider.Login).ExecuteUpdateAsync(set => set.SetProperty(g => g.NextTry, (DateTime?)null));
        }, http.RequestAborted);
        house.Forget();
        return View.Go(http, "/settings/mail-sign-in");
    }
}
