using Amends.Foundation.Web;

namespace Amends.Cases;

/// <summary>The frame of a sheet: its title, where it goes, and the verb on its button.</summary>
public sealed record SheetFrame(string Title, string Action, string Button, string Back, FormState Form, int? Version = null, long Seen = 0)
{
    /// <summary>A sheet that works on a case.</summary>
    public static SheetFrame Of(SheetModel model, string title, string verb, string button) => new(title, $"{model.Path}/{verb}", button, model.Path, model.Form, model.Case.Version, model.LastFact);
}
