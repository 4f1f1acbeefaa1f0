using System.Globalization;
using Amends.Cases.Targets;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>A cause with the times of its steps as they are shown; empty for off, null where there is no such step.</summary>
public sealed record EscalationLine(EscalationCause Cause, string? Own, string? Lead, string? Named);

/// <summary>The rules as those read them who are told by them.</summary>
/// <param name="Named">The colleague at the end of the line, or null.</param>
public sealed record EscalationRulesModel(IReadOnlyList<EscalationLine> Lines, string? Named, IReadOnlyList<(string Team, string Leads)> Teams, bool MayChange);

/// <summary>The form of the rules.</summary>
public sealed record EscalationModel(FormState Form, IReadOnlyList<(string Value, string Shown)> Colleagues)
{
    /// <summary>The form's field of a step.</summary>
    public static string Field(EscalationCause cause, EscalationStep step) => $"{cause}-{step}".ToLowerInvariant();
}

/// <summary>Settings › Escalation, and <c>/nothing-happens/rules</c>: who is told when a case stands still, and after how long.</summary>
static class EscalationSettings
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/settings/escalation", Show).Needs(Verb.ManageSettings);
        app.MapPost("/settings/escalation", Save).Needs(Verb.ManageSettings);
        app.MapGet("/nothing-happens/rules", Rules).Needs(Verb.SeeCases);
    }

    static IEnumerable<(EscalationCause Cause, EscalationStep Step, SettingName<int> Name)> All() =>
        from cause in Enum.GetValues<EscalationCause>() from step in Enum.GetValues<EscalationStep>() let name = EscalationRules.Of(cause, step) where name is not null select (cause, step, name);

    static async Task<EscalationModel> Model(Databases databases, House house, FormState? typed = null)
    {
        using var db = databases.Open();
        var form = typed ?? FormState.With([.. All().Select(a => (EscalationModel.Field(a.Cause, a.Step), (object?)(house.Get(a.Name) is > 0 and var minutes ? TargetTime.Typed(minutes) : ""))), ("named", house.Get(EscalationRules.Named) is > 0 and var named ? named : "")]);
        return new(form, [("", Words.EscalationNobody), .. (await db.Set<Colleague>().Where(c => c.State == ColleagueState.Active).OrderBy(c => c.Name).Select(c => new { c.Id, c.Name }).Take(1000).ToListAsync()).Select(c => (c.Id.ToString(CultureInfo.InvariantCulture), c.Name))]);
    }

    static async Task<IResult> Show(Databases databases, House house) => View.Page<EscalationPage>(await Model(databases, house));

    static async Task<IResult> Save(HttpContext http, Databases databases, Writer write, House house)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        var times = new List<(SettingName<int> Name, int Minutes)>();
        foreach (var (cause, step, name) in All())
        {
            var field = EscalationModel.Field(cause, step);
            if (form.May(field, 20) is not { } typed) { times.Add((name, 0)); continue; }
            try { times.Add((name, TargetTime.Read(typed))); }
            catch (Refused no) { form.Wrong(field, no.Message); }
        }
        var named = form.MayId("named", () => Words.NoSuchColleague);
        if (!form.IsValid) return View.Invalid<EscalationPage>(await Model(databases, house, form));
        try
        {
            await write.Run(http.Who(), form.Once, async db =>
            {
                if (named is { } id && !await db.Set<Colleague>().AnyAsync(c => c.Id == id && c.State == ColleagueState.Active)) throw new Refused("named", Words.NoSuchColleague);
                foreach (var (name, minutes) in times) await house.Set(db, name, minutes);
                await house.Set(db, EscalationRules.Named, named ?? 0);
                // The clock looks at all that is open by the new rules.
                await db.Set<Case>().Where(c => c.State < CaseState.Resolved).ExecuteUpdateAsync(set => set.SetProperty(c => c.EscalateAt, db.At));
            }, http.RequestAborted);
        }
        catch (Refused no) { return View.Invalid<EscalationPage>(await Model(databases, house, form.Wrong(no))); }
        house.Forget();
        return View.Go(http, "/settings/escalation");
    }

    static async Task<IResult> Rules(HttpContext http, Databases databases, House house, WhoIsHere here)
    {
        var who = http.Who();
        if (!NothingHappens.IsFor(who)) throw new NotThere();
        using var db = databases.Open();
        string? Time(EscalationCause cause, EscalationStep step) => EscalationRules.Of(cause, step) is not { } name ? null : house.Get(name) is > 0 and var minutes ? ArithmeticWords.Length(TimeSpan.FromMinutes(minutes)) : "";
        var named = house.Get(EscalationRules.Named);
        var teams = await db.Set<Team>().Where(t => !t.Retired).OrderBy(t => t.Name).Select(t => new { t.Id, t.Name }).ToListAsync();
        return View.Page<EscalationRulesPage>(new EscalationRulesModel([.. Enum.GetValues<EscalationCause>().Select(c => new EscalationLine(c, Time(c, EscalationStep.Own), Time(c, EscalationStep.Lead), Time(c, EscalationStep.Named)))],
            named == 0 ? null : here.NameOf(named), [.. teams.Where(t => who.ScopeOf(Verb.SeeCases) == Scope.All || who.Teams.Contains(t.Id)).Select(t => (t.Name, string.Join(", ", here.LeadsOf(t.Id).Select(here.NameOf))))], who.Can(Verb.ManageSettings)));
    }
}

/// <summary>Causes and steps in words.</summary>
static class EscalationWords
{
    /// <summary>As a heading: “Nothing is happening”.</summary>
    public static string Of(EscalationCause cause) => cause switch
    {
        EscalationCause.NothingHappens => Words.CauseNothing,
        EscalationCause.PromisePassed => Words.CausePromise,
        EscalationCause.TargetMissed => Words.CauseTarget,
        EscalationCause.PassedOn => Words.CausePassedOn,
        _ => Words.CauseNobody
    };

    public static string Of(EscalationStep step) => step switch { EscalationStep.Own => Words.StepOwn, EscalationStep.Lead => Words.StepLead, _ => Words.StepNamed };

    /// <summary>What the field of a step says below it.</summary>
    public static string Help(EscalationStep step) => step switch { EscalationStep.Own => Words.EscalationHelpOwn, EscalationStep.Lead => Words.EscalationHelpLead, _ => Words.EscalationHelpNamed };

    /// <summary>As a sentence: “nothing has happened since today 12:00”.</summary>
    public static string Since(EscalationCause cause, string when) => string.Format(CultureInfo.CurrentCulture, cause switch
    {
        EscalationCause.NothingHappens => Words.SinceNothing,
        EscalationCause.PromisePassed => Words.SincePromise,
        EscalationCause.TargetMissed => Words.SinceTarget,
        EscalationCause.PassedOn => Words.SincePassedOn,
        _ => Words.SinceNobody
    }, when);
}
